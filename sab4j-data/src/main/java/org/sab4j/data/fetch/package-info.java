/** Where known data sets come from, what their files must be, and how they are got: from the net or from a folder. */
package org.sab4j.data.fetch;
