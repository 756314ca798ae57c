/// A replacement text read by the rules of Go's `Regexp.Expand`: `$1`, `$name`, `${1}`, `${name}` and `$$`.
///
/// A name is the longest run of letters, digits and underscores, so `$1x` is the group named `1x`; a number has no zero
/// in front, so `$01` is the group named `01`. A group that there isn't gives nothing; a lone `$` stays.
struct PatternExpansion {
  private enum Piece {
    case text(Range<Int>)
    case group(Int)
  }

  private let template: [UInt8]
  private var pieces: [Piece] = []

  init(_ template: String, for pattern: CompiledPattern) {
    self.template = Array(template.utf8)
    var start = 0
    while let dollar = self.template[start...].firstIndex(of: UInt8(ascii: "$")) {
      let behind = dollar + 1
      if behind < self.template.count, self.template[behind] == UInt8(ascii: "$") {
        pieces.append(.text(start..<behind))
        start = behind + 1
      } else if let (name, end) = reference(at: behind) {
        pieces.append(.text(start..<dollar))
        if let group = Self.group(name, of: pattern) { pieces.append(.group(group)) }
        start = end
      } else {
        pieces.append(.text(start..<behind))
        start = behind
      }
    }
    pieces.append(.text(start..<self.template.count))
  }

  /// The name behind a dollar, and where what follows it begins.
  private func reference(at index: Int) -> (name: String, end: Int)? {
    let hasBrace = index < template.count && template[index] == UInt8(ascii: "{")
    let start = index + (hasBrace ? 1 : 0)
    guard start < template.count else { return nil }
    let rest = String(decoding: template[start...], as: UTF8.self).unicodeScalars
    let name = String(String.UnicodeScalarView(rest.prefix(while: \.isGoWordScalar)))
    let end = start + name.utf8.count
    guard !name.isEmpty else { return nil }
    guard hasBrace else { return (name, end) }
    guard end < template.count, template[end] == UInt8(ascii: "}") else { return nil }
    return (name, end + 1)
  }

  private static func group(_ name: String, of pattern: CompiledPattern) -> Int? {
    let isNumber = name.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard isNumber, name == "0" || name.utf8.first != UInt8(ascii: "0") else { return pattern.group(named: name) }
    guard let number = Int(name), number <= pattern.groupCount else { return nil }
    return number
  }

  /// Appends the expansion for a match in `text` with those bounds.
  func append(to result: inout [UInt8], _ text: UnsafeBufferPointer<UInt8>, _ bounds: [Int]) {
    for piece in pieces {
      switch piece {
      case .text(let range): result.append(contentsOf: template[range])
      case .group(let number) where bounds[2 * number] >= 0:
        result.append(contentsOf: text[bounds[2 * number]..<bounds[2 * number + 1]])
      case .group: break
      }
    }
  }
}

extension Unicode.Scalar {
  /// A letter, a decimal digit or an underscore, as Go's `unicode` tells them.
  fileprivate var isGoWordScalar: Bool {
    if self == "_" { return true }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
      return true
    default: return false
    }
  }
}
