/// Reads the values of a series, item by item, and repeats them.
struct SeriesValueReader {
  private let bytes: [UInt8]
  private let limit: Int
  private var place: Int
  private var values: [SeriesNotation.Value] = []

  init(_ text: String, from place: Int, limit: Int) {
    bytes = Array(text.utf8)
    self.place = place
    self.limit = limit
  }

  /// All values; there may be none.
  mutating func sequence() throws(SeriesSyntaxError) -> [SeriesNotation.Value] {
    while true {
      let start = place
      skipBlanks()
      guard let byte = peek else { return values }
      guard place > start || values.isEmpty && start == 0 else {
        throw SeriesSyntaxError("expected a blank between two values, found '\(shown)'", at: place)
      }
      switch byte {
      case UInt8(ascii: "_"): try gap()
      case UInt8(ascii: "{"): try histograms()
      default: try numbers()
      }
    }
  }

  private mutating func gap() throws(SeriesSyntaxError) {
    let start = place
    place += 1
    try append(.missing, count: try times() ?? 1, from: start)
  }

  private mutating func numbers() throws(SeriesSyntaxError) {
    let start = place
    if take("stale") {
      try append(.number(.stalenessMarker), count: try times().map { $0 + 1 } ?? 1, from: start)
      return
    }
    var number = try self.number()
    guard let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      try append(.number(number), count: try times().map { $0 + 1 } ?? 1, from: start)
      return
    }
    let step = try self.number()
    guard let count = try times() else {
      throw SeriesSyntaxError("expected x and a count behind a number and its step, as in 1+2x3", at: place)
    }
    try reserve(count + 1, from: start)
    for _ in 0...count {
      values.append(.number(number))
      // Added up, not multiplied: the rounding is promtool's.
      number += step
    }
  }

  private mutating func histograms() throws(SeriesSyntaxError) {
    let start = place
    try histogram()
    if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") {
      place += 1
      try histogram()
      guard let count = try times() else {
        throw SeriesSyntaxError("expected x and a count behind a histogram and its step", at: place)
      }
      try append(.nativeHistogram, count: count + 1, from: start)
    } else {
      try append(.nativeHistogram, count: try times().map { $0 + 1 } ?? 1, from: start)
    }
  }

  /// Passes over `{{key:value key:[1 2]}}`.
  private mutating func histogram() throws(SeriesSyntaxError) {
    let start = place
    guard take("{{") else { throw SeriesSyntaxError("a native histogram begins with {{", at: place) }
    while true {
      skipBlanks()
      if take("}}") { return }
      let key = place
      while let byte = peek, byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) {
        place += 1
      }
      guard peek != nil else { throw SeriesSyntaxError("the native histogram has no }} at its end", at: start) }
      let name = String(decoding: bytes[key..<place], as: UTF8.self)
      guard Self.histogramKeys.contains(name), take(":") else {
        throw SeriesSyntaxError(
          "expected one of \(Self.histogramKeys.joined(separator: ", ")), a colon and a value, found '\(shown)'",
          at: key)
      }
      skipHistogramValue()
    }
  }

  private static let histogramKeys = [
    "schema", "sum", "count", "z_bucket", "z_bucket_w", "custom_values", "buckets", "offset", "n_buckets", "n_offset",
    "counter_reset_hint",
  ]

  private mutating func skipHistogramValue() {
    let isList = peek == UInt8(ascii: "[")
    while let byte = peek, byte != UInt8(ascii: "}") {
      if isList ? byte == UInt8(ascii: "]") : byte == 0x20 {
        place += 1
        return
      }
      place += 1
    }
  }

  private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x09 { place += 1 }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    let isHere = text.withUTF8Buffer { bytes[place...].starts(with: $0) }
    if isHere { place += length }
    return isHere
  }

  /// The item at hand, for messages.
  private var shown: String {
    let item = bytes[place...].prefix(40).prefix { $0 != 0x20 && $0 != 0x09 }
    return String(decoding: item, as: UTF8.self)
  }
}

extension SeriesValueReader {
  /// `-1.5e3`, `NaN`, `+Inf`, with a sign or without.
  private mutating func number() throws(SeriesSyntaxError) -> Double {
    let start = place
    var isNegative = false
    if let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      isNegative = sign == UInt8(ascii: "-")
      place += 1
    }
    let word = String(decoding: bytes[place...].prefix(3), as: UTF8.self).lowercased()
    if word == "nan" || word == "inf" {
      place += 3
      let number = word == "nan" ? Double.nan : .infinity
      return isNegative ? -number : number
    }
    let digits = place
    passNumber()
    let text = String(decoding: bytes[digits..<place].filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    guard let number = Double(text), number.isFinite else {
      place = start
      throw SeriesSyntaxError(
        "expected a number, '_', 'stale' or a native histogram in {{ }}, found '\(shown)'", at: start)
    }
    return isNegative ? -number : number
  }

  /// Passes over digits, one point and one exponent. There are no hexadecimal numbers: `0x3` is three zeros more.
  private mutating func passNumber() {
    var hasPoint = false
    var hasExponent = false
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): break
      case UInt8(ascii: "_"): break
      case UInt8(ascii: ".") where !hasPoint && !hasExponent: hasPoint = true
      case UInt8(ascii: "e") where !hasExponent, UInt8(ascii: "E") where !hasExponent:
        hasExponent = true
        let next = place + 1 < bytes.count ? bytes[place + 1] : 0
        if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
      default: return
      }
      place += 1
    }
  }

  /// The number behind an `x`; `nil` without one.
  private mutating func times() throws(SeriesSyntaxError) -> Int? {
    guard peek == UInt8(ascii: "x") else { return nil }
    place += 1
    let start = place
    var count = 0
    while let byte = peek, Lexer.isDigit(byte) {
      // What is beyond the limit needn't be exact.
      count = min(count * 10 + Int(byte - UInt8(ascii: "0")), Int(Int32.max))
      place += 1
    }
    guard place > start else {
      throw SeriesSyntaxError("expected a whole number behind x, found '\(shown)'", at: start)
    }
    return count
  }

  private mutating func append(
    _ value: SeriesNotation.Value, count: Int, from start: Int
  ) throws(SeriesSyntaxError) {
    try reserve(count, from: start)
    values.append(contentsOf: repeatElement(value, count: count))
  }

  private mutating func reserve(_ count: Int, from start: Int) throws(SeriesSyntaxError) {
    guard count <= limit - values.count else {
      throw SeriesSyntaxError(
        "the series would have more than \(limit) values; repeat fewer of them", at: start)
    }
    values.reserveCapacity(values.count + count)
  }
}
