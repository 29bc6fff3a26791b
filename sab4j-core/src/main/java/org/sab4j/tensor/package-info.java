/** Named parameters in one array. Every parameter is a view: a name, an offset and a shape. */
package org.sab4j.tensor;
