/** The command {@code sab}: options, the terminal, signals, exit codes. */
package org.sab4j.cli;
