import JSON

/// What lists tell of a plan that the ledger keeps as JSON: its first members, without reading the rest.
package struct StoredPlan: Hashable, Sendable {
  /// Over what the plan did; `nil` where it isn't known.
  package private(set) var digest: String?
  /// Whether it was the reviewed one; `nil` where no commit named one.
  package private(set) var isMatch: Bool?

  package init(_ json: String) {
    try? read(json)
  }

  private mutating func read(_ json: String) throws(JSONSyntaxError) {
    var reader = JSONReader(Array(json.utf8))
    guard try reader.peek() == .object else { return }
    try reader.beginObject()
    while let name = try reader.nextObjectKey() {
      switch name {
      case "planDigest" where try reader.peek() == .string: digest = try reader.string()
      case "planMatch":
        if try reader.peek() == .bool { isMatch = try reader.bool() }
        return
      default: return
      }
    }
  }
}
