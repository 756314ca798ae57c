extension String {
  /// This text with `new` in place of each `old`, compared by bytes: a mark with an accent on it is another character
  /// to Swift, and the same mark to whoever reads the text.
  func replacingBytes(_ old: String, with new: String) -> String {
    let (bytes, pattern) = (Array(utf8), Array(old.utf8))
    guard let first = pattern.first, bytes.count >= pattern.count else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == first, bytes[index...].starts(with: pattern) {
        result += new.utf8
        index += pattern.count
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
