/// A stretch of a list that was asked for: what stands behind `after`, at most `limit` of it.
package struct PageRequest<Key: Sendable & Hashable>: Hashable, Sendable {
  /// The last element of the page before; `nil` for the first page.
  package var after: Key?
  /// 1 or more.
  package var limit: Int

  package init(after: Key? = nil, limit: Int) {
    self.after = after
    self.limit = limit
  }
}

/// A stretch of a list.
package struct Page<Element: Sendable>: Sendable {
  package var elements: [Element]
  /// Whether the list goes on behind the last element.
  package var hasMore: Bool
  /// Of a list of numbered rows that was filtered by looking at each: the last row looked at, behind which the list goes
  /// on; `nil` where that is the last element.
  package var lastExamined: Int64?

  package init(_ elements: [Element], hasMore: Bool, lastExamined: Int64? = nil) {
    self.elements = elements
    self.hasMore = hasMore
    self.lastExamined = lastExamined
  }
}

extension Page: Equatable where Element: Equatable {}
extension Page: Hashable where Element: Hashable {}
