import Model

extension MessageContent {
  /// `#RRGGBB`: green when all is over, else by the gravest severity; grey where it isn't known.
  package var colour: String { state == .resolved ? Self.green : Self.colour(of: level) }

  /// For letters on ``colour``: at least 4.5:1, as WCAG 2 (1.4.3) asks for.
  var colourOfLetters: String { state != .resolved && level == .warning ? "#1F2328" : "#FFFFFF" }

  private static let green = "#1A7F37"

  private static func colour(of level: SeverityLevel?) -> String {
    switch level {
    case .critical: "#CF222E"
    case .error: "#BC4C00"
    case .warning: "#BF8700"
    case .info: "#0969DA"
    case nil: "#6E7781"
    }
  }

  /// The same for one item.
  package static func colour(of item: Item) -> String { item.isResolved ? green : colour(of: item.level) }
}
