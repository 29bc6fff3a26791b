/** What all data have in common: how to complain of them, and what tells them from others. */
package org.sab4j.data;
