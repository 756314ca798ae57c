import Model

extension HTTPResponse {
  /// What this answer means for a message: nothing when it was taken.
  ///
  /// 408, 425 and 5xx may be tried again, as may 429 when its wait is over; every other status below 200 or above 299
  /// is final, redirects included, since none are followed.
  func checkTaken() throws(DeliveryError) {
    switch status {
    case 200..<300: return
    case 429: throw .throttled(retryAfter: retryAfter)
    case 503 where retryAfter != nil: throw .throttled(retryAfter: retryAfter)
    case 408, 425: throw .unreachable(words)
    case 501: throw .rejected(words)
    case 500..<600: throw .unreachable(words)
    default: throw .rejected(words)
    }
  }

  /// `answered 404: no such hook`.
  private var words: String {
    let text = String(decoding: body.prefix(400), as: UTF8.self).onOneLine(limit: 200)
    return "answered " + String(status) + (text.isEmpty ? "" : ": " + text)
  }

  /// The wait that the other side asks for: seconds, or an HTTP date, which counts from the answer's own `Date`.
  var retryAfter: Duration? {
    guard let text = header("Retry-After") else { return nil }
    if let seconds = Int64(text), seconds >= 0, seconds < 1 << 32 { return .seconds(seconds) }
    guard let until = Timestamp(httpDate: text), let now = header("Date").flatMap(Timestamp.init(httpDate:)) else {
      return nil
    }
    return max(.zero, until - now)
  }
}

extension DeliveryError {
  /// What a failed exchange means for a message.
  init(_ error: TransportError) {
    switch error {
    case .unsendable(let text): self = .rejected("can't be sent: " + text)
    case .refusedByPolicy(let text): self = .rejected("not allowed by the egress policy: " + text)
    case .unreachable(let text): self = .unreachable(text)
    case .untrusted(let text): self = .rejected("not trusted: " + text)
    case .timedOut(requestWasSent: true): self = .ambiguous("no answer in time after it was sent")
    case .timedOut(requestWasSent: false): self = .unreachable("no connection in time")
    case .tooLarge(let limit): self = .ambiguous("answered with more than \(limit) bytes")
    case .brokenOff(let text): self = .ambiguous("broke off before the answer was whole: " + text)
    case .cancelled: self = .unreachable("cancelled")
    }
  }
}

extension Timestamp {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

  /// Reads an HTTP date in its preferred form, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
  init?(httpDate text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
      let month = Self.months.firstIndex(of: String(parts[2]))
    else { return nil }
    let time = parts[4].split(separator: ":").compactMap { Int($0) }
    guard time.count == 3, 0..<24 ~= time[0], 0..<60 ~= time[1], 0..<61 ~= time[2], 1970..<10_000 ~= year,
      1...31 ~= day
    else { return nil }
    self =
      CivilTime(
        year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2]
      ).instant()
  }

  /// `Fri, 20 Nov 2026 08:00:00 +0000`, as mails have it (RFC 5322 §3.3).
  var mailDate: String {
    let time = CivilTime(self)
    return Self.weekdays[time.weekday] + ", " + padded(time.day, to: 2) + " " + Self.months[time.month - 1] + " "
      + padded(time.year, to: 4) + " " + time.timeText + " +0000"
  }
}

extension String {
  /// This text without line breaks and other control characters, and not longer than `limit` bytes.
  func onOneLine(limit: Int) -> String {
    var text = ""
    var isSpace = true
    for scalar in unicodeScalars {
      let isControl = scalar.value < 0x20 || scalar.value == 0x7f || 0x80..<0xa0 ~= scalar.value
      if isControl || scalar == " " || scalar.value == 0x2028 || scalar.value == 0x2029 {
        if !isSpace { text += " " }
        isSpace = true
      } else {
        text.unicodeScalars.append(scalar)
        isSpace = false
      }
    }
    if text.hasSuffix(" ") { text.removeLast() }
    return text.cut(to: limit)
  }

  /// The first `limit` bytes or fewer, between two scalars, with `…` where something is missing.
  func cut(to limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var text = ""
    var size = 3
    for scalar in unicodeScalars {
      size += UTF8.width(scalar)
      if size > limit { break }
      text.unicodeScalars.append(scalar)
    }
    return text + "…"
  }
}
