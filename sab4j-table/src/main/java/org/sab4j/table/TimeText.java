package org.sab4j.table;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.OptionalDouble;

/** Points in time as they stand in tables: {@code 2025-12-31}, {@code 2025-12-31 23:59}, {@code 2025-12-31T23:59:59.5+01:00}. */
final class TimeText {

    private static final DateTimeFormatter FORM = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:mm", "Z")
            .toFormatter(java.util.Locale.ROOT);

    private TimeText() {}

    /** Seconds since 1970, without an offset in UTC; empty if the text is no time. */
    static OptionalDouble seconds(String text) {
        try {
            TemporalAccessor found = FORM.parse(text.strip().replace(' ', 'T'));
            LocalTime time = found.query(TemporalQueries.localTime());
            int offset = found.isSupported(ChronoField.OFFSET_SECONDS) ? found.get(ChronoField.OFFSET_SECONDS) : 0;
            LocalDateTime moment = LocalDate.from(found).atTime(time == null ? LocalTime.MIDNIGHT : time);
            Duration since = Duration.between(LocalDateTime.ofEpochSecond(offset, 0, ZoneOffset.UTC), moment);
            return OptionalDouble.of(since.toSeconds() + since.toNanosPart() / 1e9);
        } catch (DateTimeParseException e) {
            return OptionalDouble.empty();
        }
    }
}
