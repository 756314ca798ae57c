import Diagnostics

/// Looks through a text before libyaml does, so that every character that YAML refuses is told with its place.
enum CharacterCheck {
  /// The bytes to read: as they are, or with each refused character replaced by another of the same length, so that
  /// places stay right and the rest is read as well; `nil` where nothing can be read.
  static func readable(_ bytes: [UInt8], limits: YAMLLimits, findings: inout Findings) -> [UInt8]? {
    let start = SourcePosition(line: 1, column: 1).extended()
    if let name = wideEncoding(bytes) {
      findings.error("not-utf8", "the file is \(name); YAML is read as UTF-8", at: start, fix: "save the file as UTF-8")
      return nil
    }
    guard bytes.count <= limits.bytes else {
      findings.error("yaml-limit", "the file has \(bytes.count) bytes; at most \(limits.bytes) are read", at: start)
      return nil
    }
    let suspects = bytes.withUnsafeBufferPointer { suspiciousOffset($0, from: 0) } != nil
    return suspects ? repaired(bytes, &findings) : bytes
  }

  /// UTF-16 and UTF-32 are known by their byte order mark, or by zeros around an ASCII character.
  private static func wideEncoding(_ bytes: [UInt8]) -> String? {
    let head = Array(bytes.prefix(4))
    guard head.count >= 2 else { return nil }
    if head == [0, 0, 0xfe, 0xff] || head == [0xff, 0xfe, 0, 0] { return "UTF-32" }
    if head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) { return "UTF-16" }
    guard head.count == 4 else { return nil }
    switch head.map({ $0 == 0 }) {
    case [false, true, false, true], [true, false, true, false]: return "UTF-16"
    case [false, true, true, true], [true, true, true, false]: return "UTF-32"
    default: return nil
    }
  }

  /// The next byte that may be part of a refused character: a control byte, or one of a malformed or rare character.
  private static func suspiciousOffset(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var offset = start
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte >= 0x20, byte < 0x7f {
        offset += 1
        continue
      }
      switch byte {
      case 0x0a, 0x0d, 0x09: offset += 1
      default:
        guard byte >= 0x80, let length = wellFormedLength(bytes, at: offset) else { return offset }
        offset += length
      }
    }
    return nil
  }

  /// The length of a character beyond ASCII that needs no further look.
  private static func wellFormedLength(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
    func continues(_ index: Int) -> Bool { index < bytes.count && bytes[index] & 0xc0 == 0x80 }
    switch bytes[offset] {
    case 0xc3...0xdf: return continues(offset + 1) ? 2 : nil
    // U+2028 and U+2029 are in the block E2 80, surrogates in ED, U+FEFF, U+FFFE and U+FFFF in EF.
    case 0xe2 where offset + 1 < bytes.count && bytes[offset + 1] == 0x80:
      guard continues(offset + 2), bytes[offset + 2] & 0xfe != 0xa8 else { return nil }
      return 3
    case 0xe1...0xec, 0xee: return continues(offset + 1) && continues(offset + 2) ? 3 : nil
    case 0xef where offset + 1 < bytes.count && bytes[offset + 1] < 0xbb:
      return continues(offset + 1) && continues(offset + 2) ? 3 : nil
    case 0xf1...0xf3:
      return continues(offset + 1) && continues(offset + 2) && continues(offset + 3) ? 4 : nil
    default: return exactLength(bytes, at: offset)
    }
  }

  private static func exactLength(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
    let window = Array(bytes[offset..<min(offset + 4, bytes.count)])
    let (scalar, length, isWellFormed) = SourceText.scalar(in: window, at: 0)
    if scalar == "\u{feff}", offset == 0 { return length }
    return isWellFormed && problem(with: scalar) == nil ? length : nil
  }

  private static func repaired(_ bytes: [UInt8], _ findings: inout Findings) -> [UInt8] {
    let source = SourceText(bytes)
    var readable = bytes
    var offset = 0
    // Of a file that is no text at all a few places are enough.
    var places = 10
    while let found = bytes.withUnsafeBufferPointer({ suspiciousOffset($0, from: offset) }) {
      let (scalar, length, isWellFormed) = SourceText.scalar(in: bytes, at: found)
      offset = found + length
      let range = places > 0 ? source.position(ofOffset: found).extended() : nil
      guard isWellFormed else {
        readable[found] = UInt8(ascii: "?")
        guard let range else { continue }
        places -= 1
        let byte = String(bytes[found], radix: 16, uppercase: true)
        findings.error(
          "not-utf8", "the byte 0x\(byte) is not part of a UTF-8 character", at: range, fix: "save the file as UTF-8")
        continue
      }
      guard let problem = problem(with: scalar) else { continue }
      let standIn = ["?", "¿", "\u{fffd}"][min(length, 3) - 1]
      for (index, byte) in standIn.utf8.enumerated() { readable[found + index] = byte }
      guard let range else { continue }
      places -= 1
      findings.error(problem.code, problem.message, at: range, fix: problem.fix)
    }
    return readable
  }

  private static func problem(with scalar: Unicode.Scalar) -> (code: String, message: String, fix: String?)? {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    switch scalar.value {
    case 0x09, 0x0a, 0x0d: return nil
    case 0: return ("control-character", "a NUL character stands here; YAML text has none", nil)
    case 0x85, 0x2028, 0x2029:
      let escape = scalar.value == 0x85 ? #"\N"# : scalar.value == 0x2028 ? #"\L"# : #"\P"#
      return (
        "control-character", "the invisible character \(name) breaks the line here",
        "remove it, or write \(escape) in double quotes"
      )
    case 0..<0x20, 0x7f..<0xa0:
      return (
        "control-character", "the control character \(name) stands here; YAML text has none",
        "remove it, or write \\x\(digits.utf8.count < 2 ? "0" : "")\(digits) in double quotes"
      )
    case 0xfeff: return ("control-character", "a byte order mark stands inside the text", "remove it")
    case 0xfffe, 0xffff: return ("control-character", "\(name) is not a character", "remove it")
    default: return nil
    }
  }
}
