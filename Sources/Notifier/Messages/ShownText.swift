extension String {
  /// This text on one line of at most `limit` bytes, and such that what is shown is what is there.
  ///
  /// Line breaks and other control characters become spaces. Characters that show nothing but change how their
  /// neighbours are read are left out: overrides of direction, zero-width characters, tags. Joiners stay where they
  /// make one picture of several emoji, or where a script needs them.
  package func onOneLine(limit: Int) -> String {
    var line = ShownLine()
    // A few bytes more than are kept, so that the cut knows what it cuts.
    for scalar in unicodeScalars where !line.take(scalar) && line.size - 64 > max(limit, 0) { break }
    return line.finished.cut(to: limit)
  }

  /// The first `limit` bytes or fewer, with `…` (three bytes) where something is missing; nothing below three bytes.
  ///
  /// The cut never splits a scalar, nor a character of several scalars where keeping it whole costs at most 24 bytes.
  package func cut(to limit: Int) -> String {
    guard utf8.count > limit else { return self }
    guard limit >= 3 else { return "" }
    var end = utf8.index(startIndex, offsetBy: limit - 3)
    while end > startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
    if end > startIndex {
      // Made anew: the index from within the prefix remembers how far its character went there.
      let before = self[..<end].index(before: end)
      let last = utf8.index(startIndex, offsetBy: utf8.distance(from: startIndex, to: before))
      if index(after: last) > end, utf8.distance(from: last, to: end) <= 24 { end = last }
    }
    while end > startIndex, unicodeScalars[unicodeScalars.index(before: end)] == Self.joiner {
      end = unicodeScalars.index(before: end)
    }
    return String(self[..<end]) + "…"
  }

  private static let joiner: Unicode.Scalar = "\u{200d}"
}

/// A line that grows by one scalar after the other, without what would deceive its reader.
private struct ShownLine {
  private var text = ""
  /// In bytes.
  private(set) var size = 0
  private var last: Unicode.Scalar?
  /// A joiner is held back until it is known what it joins.
  private var heldJoiner: Unicode.Scalar?
  private var marksInARow = 0
  private var tagsInARow = 0

  /// More accents than this on one letter only spoil the lines around it.
  private static let marksLimit = 4
  /// The longest flag of a region takes six tags.
  private static let tagsLimit = 7

  /// Gives whether anything is still open: a line may only be ended when nothing is.
  @discardableResult mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.shownAs {
    case .space:
      heldJoiner = nil
      if let last, last != " " { append(" ") }
    case .joiner:
      heldJoiner = scalar
      return true
    case .nothing:
      break
    case .variant:
      if let last, scalar.varies(last) { append(scalar) }
    case .tag:
      if let last, last.value == 0x1f3f4 || tagsInARow > 0, tagsInARow < Self.tagsLimit {
        let count = tagsInARow + 1
        append(scalar)
        tagsInARow = count
      }
    case .mark:
      marksInARow += 1
      if marksInARow <= Self.marksLimit { append(scalar, isMark: true) }
    case .itself:
      if let joiner = heldJoiner, let last, scalar.isJoined(to: last) { append(joiner) }
      heldJoiner = nil
      append(scalar)
    }
    return false
  }

  var finished: String {
    last == " " ? String(text.dropLast()) : text
  }

  private mutating func append(_ scalar: Unicode.Scalar, isMark: Bool = false) {
    text.unicodeScalars.append(scalar)
    size += UTF8.width(scalar)
    last = scalar
    if !isMark { marksInARow = 0 }
    tagsInARow = 0
  }
}

extension Unicode.Scalar {
  fileprivate enum Showing {
    case itself, space, nothing, joiner, variant, tag, mark
  }

  /// What becomes of this scalar in a line. The ranges are those of Unicode's `Default_Ignorable_Code_Point`, the
  /// controls of bidirectional text, and letters that are blank.
  fileprivate var shownAs: Showing {
    if 0x20..<0x7f ~= value { return value == 0x20 ? .space : .itself }
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x115f, 0x1160, 0x2800, 0x3164, 0xffa0: return .space
    case 0x200c, 0x200d: return .joiner
    case 0x0300..<0x0370, 0x1ab0..<0x1b00, 0x1dc0..<0x1e00, 0x20d0..<0x2100, 0xfe20..<0xfe30:
      return value == 0x034f ? .nothing : .mark
    case 0xfe00..<0xfe10, 0xe0100..<0xe01f0: return .variant
    case 0xe0020..<0xe0080: return .tag
    case 0xad, 0x061c, 0x180b..<0x1810, 0x200b, 0x200e, 0x200f, 0x202a..<0x202f, 0x2060..<0x2070, 0xfeff,
      0xfff9..<0xfffc, 0x1bca0..<0x1bca4, 0x1d173..<0x1d17b, 0xe0000..<0xe1000:
      return .nothing
    default: return .itself
    }
  }

  /// Whether this selector has a picture or an ideograph before it to choose the form of.
  fileprivate func varies(_ last: Unicode.Scalar) -> Bool {
    value >= 0xe0100 ? last.properties.isIdeographic : value >= 0xfe0e && last.properties.isEmoji
  }

  /// Whether a joiner between `last` and this one has work to do: it makes one picture, or shapes letters of the
  /// scripts between Arabic and Malayalam.
  fileprivate func isJoined(to last: Unicode.Scalar) -> Bool {
    let scripts: Range<UInt32> = 0x0600..<0x0e00
    if scripts.contains(last.value) { return scripts.contains(value) }
    let isPicture = last.value == 0xfe0f || last.value > 0xff && last.properties.isEmoji
    return isPicture && value > 0xff && properties.isEmoji
  }
}
