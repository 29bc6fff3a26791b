/**
 * The paper's tables, reproduced: what to train for each ({@link org.sab4j.reproduce.Study}), the paper's figures
 * ({@link org.sab4j.reproduce.Paper}), what came out ({@link org.sab4j.reproduce.Results}, which is JSON and all that tables are
 * made from), and both side by side.
 */
package org.sab4j.reproduce;
