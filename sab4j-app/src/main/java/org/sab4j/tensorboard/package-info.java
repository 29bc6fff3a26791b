/**
 * TensorBoard's event files: records of protobuf messages, of which only the few fields that scalars and images need are written
 * here by hand.
 */
package org.sab4j.tensorboard;
