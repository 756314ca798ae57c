import Model

/// The window that a range function looks at.
struct WindowBounds: Hashable, Sendable {
  /// The last instant before the window, `offset` and `@` taken into account.
  var start: Timestamp
  /// The last instant of the window.
  var end: Timestamp
  /// The instant of the step that is evaluated, `offset` and `@` left out.
  var evaluation: Timestamp
}
