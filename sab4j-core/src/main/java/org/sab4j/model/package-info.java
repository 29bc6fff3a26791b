/** The whole model: a cell, its memory and retrieval, an output head; forward and backward over a shard. */
package org.sab4j.model;
