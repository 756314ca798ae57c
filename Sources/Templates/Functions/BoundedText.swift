/// A text that stops growing at a limit, so that no template fills the memory.
struct BoundedText {
  private(set) var text = ""
  private var remaining: Int
  /// Whether something didn't fit; what comes after it is left out too.
  private(set) var isCut = false

  /// `limit` in bytes.
  init(limit: Int) {
    remaining = max(0, limit)
  }

  mutating func append(_ piece: String) {
    guard !isCut else { return }
    let count = piece.utf8.count
    guard count <= remaining else {
      isCut = true
      return
    }
    remaining -= count
    text += piece
  }

  /// The whole text, or the error that it is too long.
  func complete(limit: Int) throws(TemplateCallError) -> String {
    guard !isCut else { throw .tooLong(limit: limit) }
    return text
  }
}
