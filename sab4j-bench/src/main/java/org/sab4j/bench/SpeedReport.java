package org.sab4j.bench;

import java.util.List;
import java.util.SequencedMap;

/**
 * What {@link Suite} has measured, as JSON keeps it and {@link SpeedPage} shows it.
 *
 * @param when in UTC
 * @param version the commit, as far as it was told
 * @param command how it was made
 * @param peers the peers' names and what they are made of
 * @param kernels their speeds
 * @param slices where the time of the first setting's update goes, on one thread
 * @param settings what was compared, in the order of {@code comparisons}
 * @param comparisons whole updates
 * @param scoring many memories
 * @param replays what a replay costs
 * @param memory bytes a step
 */
public record SpeedReport(
        String when,
        String version,
        String command,
        Machine machine,
        SequencedMap<String, String> peers,
        List<KernelRate> kernels,
        List<Profile.Slice> slices,
        List<SettingText> settings,
        List<Report.Comparison> comparisons,
        List<ScoringCase> scoring,
        List<ReplayCase> replays,
        List<MemoryCase> memory) {

    /** A setting's numbers. */
    public record SettingText(
            String model,
            int length,
            int batch,
            int hidden,
            int kTop,
            int kAtt,
            int kTrunc,
            int shardRows,
            int threads) {

        static SettingText of(Setting setting) {
            return new SettingText(
                    setting.name(),
                    setting.task().length(),
                    setting.batch(),
                    setting.model().hidden(),
                    setting.model().kTop(),
                    setting.model().kAtt(),
                    setting.model().kTrunc(),
                    setting.shardRows(),
                    setting.threads());
        }
    }
}
