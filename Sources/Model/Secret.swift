/// A text that must not be shown: its description is `‹redacted›` wherever it is printed.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let value: String

  package init(_ value: String) {
    self.value = value
  }

  /// The text itself, for the one place that sends it.
  package func reveal() -> String { value }

  package var description: String { "‹redacted›" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// `url` without what may carry a secret: user information, query and fragment go, the path stays only if `keepingPath`.
package func redactedURL(_ url: String, keepingPath: Bool = true) -> String {
  let kept = url.prefix { $0 != "?" && $0 != "#" }
  guard let scheme = kept.range(of: "://") else { return String(kept) }
  let rest = kept[scheme.upperBound...]
  let authority = rest.prefix { $0 != "/" }
  let path = rest.dropFirst(authority.count)
  let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
  let shown = keepingPath || path.isEmpty || path == "/" ? String(path) : "/…"
  return String(kept[..<scheme.upperBound]) + host + shown
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
