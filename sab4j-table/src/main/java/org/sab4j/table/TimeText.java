package org.sab4j.table;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Points in time as they stand in tables, in the forms that {@link Rows#time} takes: {@code 2025-12-31}, {@code 2025/12/31 23:59},
 * {@code 2025-12-31T23:59:59.5+01:00}, {@code 2025-12-31 23:59 Europe/Berlin}. Of short names of zones only those that mean the same
 * everywhere.
 */
final class TimeText {

    private static final String ZONE = "[A-Za-z]+/[A-Za-z0-9_/+-]+|UTC|GMT|CET|EET|MET|WET";

    private static final Pattern FORM =
            Pattern.compile("(?<year>\\d{4})(?<dash>[-/])(?<month>\\d{1,2})\\k<dash>(?<day>\\d{1,2})"
                    + "((T| +)(?<hour>\\d{1,2}):(?<minute>\\d{1,2})(:(?<second>\\d{1,2})(\\.(?<fraction>\\d*))?)?"
                    + "(Z|(?<offset>[+-]\\d{2}(:?\\d{2}(:\\d{2})?)?)| (?<zone>" + ZONE + "))?)?");
    /** The form as the database's expressions say it, which know no names and look back at nothing: casting refuses mixed dashes. */
    static final String SQL_FORM = FORM.pattern().replace("\\k<dash>", "[-/]").replaceAll("\\?<[a-z]+>", "");

    private static final int MICROS = 6; // digits of a second's fraction that count

    private TimeText() {}

    /** Microseconds since 1970, without an offset in UTC; empty if the text is no time. */
    static OptionalLong micros(String text) {
        Matcher found = FORM.matcher(text.strip());
        if (!found.matches()) {
            return OptionalLong.empty();
        }
        try {
            LocalDateTime moment = LocalDate.of(
                            number(found.group("year")), number(found.group("month")), number(found.group("day")))
                    .atTime(time(found));
            if (isMidnightAfter(found)) {
                moment = moment.plusDays(1);
            }
            // Of an hour that comes twice the second, as the database has it.
            long seconds = moment.atZone(zone(found)).withLaterOffsetAtOverlap().toEpochSecond();
            return OptionalLong.of(seconds * 1_000_000 + moment.get(ChronoField.MICRO_OF_SECOND));
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    /** Seconds since 1970. */
    static OptionalDouble seconds(String text) {
        OptionalLong micros = micros(text);
        return micros.isPresent() ? OptionalDouble.of(micros.getAsLong() / 1e6) : OptionalDouble.empty();
    }

    private static LocalTime time(Matcher found) {
        return LocalTime.of(
                isMidnightAfter(found) ? 0 : number(found.group("hour")),
                number(found.group("minute")),
                number(found.group("second")),
                1000 * micros(found));
    }

    private static int micros(Matcher found) {
        String fraction = (found.group("fraction") == null ? "" : found.group("fraction")) + "000000";
        return number(fraction.substring(0, MICROS));
    }

    /** Whether it is 24:00, which is how some write the next day's midnight. */
    private static boolean isMidnightAfter(Matcher found) {
        return number(found.group("hour")) == 24
                && number(found.group("minute")) == 0
                && number(found.group("second")) == 0
                && micros(found) == 0;
    }

    private static int number(@Nullable String digits) {
        return digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private static ZoneId zone(Matcher found) {
        String offset = found.group("offset");
        String zone = found.group("zone");
        return offset != null ? ZoneOffset.of(offset) : zone != null ? ZoneId.of(zone) : ZoneOffset.UTC;
    }
}
