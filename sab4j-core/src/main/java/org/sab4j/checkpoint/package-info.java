/**
 * Files that outlive a run: named tensors in the safetensors format, and nothing else.
 *
 * <p>This is the only package of the module that touches the file system, and it knows no other package of sab4j: it
 * takes and gives plain arrays with a shape. {@link org.sab4j.checkpoint.Safetensors} is the door; what can be stored
 * is a {@link org.sab4j.checkpoint.TensorData}. A file that cannot be used ends in a
 * {@link org.sab4j.checkpoint.FormatException}, whose message is one sentence for the user.
 *
 * <p>The format: 8 bytes with the length N of the header (little-endian), N bytes of JSON that name each tensor's type,
 * shape and place, then the elements, row-major and little-endian, without holes. See
 * <a href="https://github.com/huggingface/safetensors#format">the description of the format</a>.
 */
package org.sab4j.checkpoint;
