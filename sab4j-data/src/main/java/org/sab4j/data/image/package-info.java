/** Images as sequences of pixels: readers of the files in which MNIST and CIFAR-10 come, and the task of saying what an image shows. */
package org.sab4j.data.image;
