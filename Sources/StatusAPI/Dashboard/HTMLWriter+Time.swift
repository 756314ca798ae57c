import Model

extension HTMLWriter {
  /// An instant as the time passed, such as `5 min ago`, with the instant itself for machines and pointers.
  mutating func time(_ instant: Timestamp?) {
    guard let instant else {
      element("span", class: "quiet", .never)
      return
    }
    time(instant, "ago", told: elapsed(from: instant, to: now, language))
  }

  /// How long something has been so, such as `5 min`.
  mutating func age(since instant: Timestamp) {
    time(instant, "age", told: span(from: instant, to: now, language))
  }

  private mutating func time(_ instant: Timestamp, _ form: String, told words: String) {
    element("time", ["datetime": instant.description, "data-time": form, "title": instant.description], words)
  }
}

/// `5 min ago`, or `in 5 min` for what is still to come.
func elapsed(from start: Timestamp, to end: Timestamp, _ language: Language) -> String {
  let words = span(from: start, to: end, language)
  return (end < start ? Phrase.timeAhead : Phrase.timeAgo).filled(language, [words])
}

/// `12 s`, `5 min`, `3 h 20 min`, `4 d 2 h`: at most two units, whichever of the two comes first.
func span(from start: Timestamp, to end: Timestamp, _ language: Language) -> String {
  let seconds = (end - start).components.seconds.magnitude
  let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
  func told(_ count: UInt64, _ unit: Phrase) -> String { unit.filled(language, [String(count)]) }
  if minutes == 0 { return told(seconds, .unitSeconds) }
  if hours == 0 { return told(minutes, .unitMinutes) }
  if days == 0 {
    return told(hours, .unitHours) + (minutes % 60 == 0 ? "" : " " + told(minutes % 60, .unitMinutes))
  }
  return told(days, .unitDays) + (days > 9 || hours % 24 == 0 ? "" : " " + told(hours % 24, .unitHours))
}
