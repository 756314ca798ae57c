/// Small damages to a text, as typing errors and merges make them, and as nobody does.
package enum Mutation {
  /// The bytes with one to four damages.
  package static func mutated(_ bytes: [UInt8], using random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<8, using: &random) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      case 2: bytes[place] = UInt8.random(in: 0...127, using: &random)
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
      case 4: bytes.insert(contentsOf: strange.randomElement(using: &random)?.utf8 ?? "".utf8, at: place)
      case 5:
        let from = Int.random(in: 0..<bytes.count, using: &random)
        bytes.insert(contentsOf: Array(bytes[from..<min(bytes.count, from + 60)]), at: place)
      case 6: bytes.removeSubrange(place...)
      default: swapTokens(&bytes, at: place)
      }
    }
    return bytes
  }

  private static let strange = [
    "- ", ": ", "\n", "\n---\n", "{", "}", "[", "]", "'", "\"", "*a", "&a ", "!!str ", "<<: *a\n", "|\n", "~", "null",
    "1e999", "-0", "99999999999999999999", "9223372036854775807y", "\u{fffd}", "{{", "}}", "\t", "# ", "? ", "%",
    "x-: ", "''", "…", "0x", ".inf", "2026-13-40T99:99:99Z", "31:-31", "-1:1", "24:01",
  ]

  private static func swapTokens(_ bytes: inout [UInt8], at place: Int) {
    let lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map { Array($0) }
    guard lines.count > 2 else { return }
    var changed = lines
    changed.swapAt(place % lines.count, (place / 3 + 1) % lines.count)
    bytes = Array(changed.joined(separator: [0x0a]))
  }
}
