import Model

/// `humanize`: powers of 1000 with metric prefixes, four significant digits.
func humanizedByThousands(_ number: Double) -> String {
  guard number != 0, number.isFinite else { return number.formattedAsGo(.g, precision: 4) }
  var scaled = number
  var prefix = ""
  if abs(number) >= 1 {
    for next in ["k", "M", "G", "T", "P", "E", "Z", "Y"] where abs(scaled) >= 1000 {
      prefix = next
      scaled /= 1000
    }
  } else {
    (scaled, prefix) = scaledUp(number)
  }
  return scaled.formattedAsGo(.g, precision: 4) + prefix
}

/// `humanize1024`: powers of 1024 with binary prefixes, four significant digits.
func humanizedBy1024(_ number: Double) -> String {
  guard abs(number) > 1, number.isFinite else { return number.formattedAsGo(.g, precision: 4) }
  var scaled = number
  var prefix = ""
  for next in ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"] where abs(scaled) >= 1024 {
    prefix = next
    scaled /= 1024
  }
  return scaled.formattedAsGo(.g, precision: 4) + prefix
}

/// `humanizeDuration`: seconds as days, hours, minutes and seconds; the fraction is cut from one minute up.
func humanizedDuration(_ seconds: Double) -> String {
  guard seconds.isFinite else { return seconds.formattedAsGo(.g, precision: 4) }
  guard seconds != 0 else { return "0s" }
  guard abs(seconds) >= 1 else {
    let (scaled, prefix) = scaledUp(seconds)
    return scaled.formattedAsGo(.g, precision: 4) + prefix + "s"
  }
  let sign = seconds < 0 ? "-" : ""
  let whole = Int64(exactly: abs(seconds).rounded(.towardZero)) ?? .max
  let (minute, hour, day) = (Int64(60), Int64(3600), Int64(86_400))
  var parts: [String] = []
  if whole >= day { parts.append("\(whole / day)d") }
  if whole >= hour { parts.append("\(whole % day / hour)h") }
  guard whole >= minute else { return sign + abs(seconds).formattedAsGo(.g, precision: 4) + "s" }
  parts.append("\(whole % hour / minute)m")
  parts.append("\(whole % minute)s")
  return sign + parts.joined(separator: " ")
}

/// `humanizeTimestamp`: seconds since the epoch as Go prints a UTC time, cut to milliseconds.
func humanizedTimestamp(_ seconds: Double) throws(TemplateCallError) -> String {
  guard seconds.isFinite else { return seconds.formattedAsGo(.g, precision: 4) }
  guard let nanoseconds = Int64(exactly: (seconds * 1e9).rounded(.towardZero)) else {
    throw .function(
      seconds.printedAsGo + " cannot be represented as a nanoseconds timestamp since it overflows int64")
  }
  let civil = CivilTime(Timestamp(millisecondsSinceEpoch: nanoseconds / 1_000_000))
  var fraction = ""
  if civil.millisecond != 0 {
    fraction = "." + padded(civil.millisecond, to: 3)
    while fraction.utf8.last == UInt8(ascii: "0") { fraction.removeLast() }
  }
  return civil.dateText + " " + civil.timeText + fraction + " +0000 UTC"
}

/// A number below 1 multiplied by 1000 until it is at least 1, and the prefix that says how often.
private func scaledUp(_ number: Double) -> (Double, String) {
  var scaled = number
  var prefix = ""
  for next in ["m", "u", "n", "p", "f", "a", "z", "y"] where abs(scaled) < 1 {
    prefix = next
    scaled *= 1000
  }
  return (scaled, prefix)
}
