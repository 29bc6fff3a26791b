/**
 * What people look at: a run's history as charts in one self-contained HTML page, and what a trained model was reminded of.
 *
 * <p>Files of a run are read as they are, also while they are being written. A history of any length takes bounded
 * memory: see {@link org.sab4j.report.Thinned}. Steps count from 1 wherever a person reads them.
 */
package org.sab4j.report;
