/// Two sequences of messages side by side.
struct Comparison {
  let expected: [Told]
  let actual: [Told]
  /// In milliseconds.
  let tolerance: Int

  /// Whether every hook and group was told the same in the same order, each about when it should be.
  var isEqual: Bool {
    let (left, right) = (byPlace(expected), byPlace(actual))
    guard Set(left.keys) == Set(right.keys) else { return false }
    return left.allSatisfy { place, messages in
      guard let others = right[place], others.count == messages.count else { return false }
      return zip(messages, others).allSatisfy { $0.words == $1.words && abs($0.at - $1.at) <= tolerance }
    }
  }

  /// Both, one place after the other; what differs is marked.
  var listing: String {
    let (left, right) = (byPlace(expected), byPlace(actual))
    var lines: [String] = []
    for place in Set(left.keys).union(right.keys).sorted() {
      lines.append("  " + place)
      let (messages, others) = (left[place] ?? [], right[place] ?? [])
      for index in 0..<max(messages.count, others.count) {
        let message = index < messages.count ? messages[index] : nil
        let other = index < others.count ? others[index] : nil
        let isSame = message?.words == other?.words && abs((message?.at ?? 0) - (other?.at ?? 0)) <= tolerance
        lines.append("  \(isSame ? " " : "!") \(cell(message)) | \(cell(other))")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func byPlace(_ messages: [Told]) -> [String: [Told]] { Dictionary(grouping: messages, by: \.place) }

  private func cell(_ message: Told?) -> String {
    let text = message.map { secondsText($0.at) + " " + $0.words } ?? "-"
    return text + String(repeating: " ", count: max(0, 40 - text.count))
  }
}

/// `1.5 s`
func secondsText(_ milliseconds: Int) -> String {
  let rest = String(milliseconds % 1000 + 1000).dropFirst()
  var fraction = "." + rest
  while fraction.hasSuffix("0") || fraction == "." { fraction.removeLast() }
  return "\(milliseconds / 1000)\(fraction) s"
}
