import Model
import StatusAPI

/// How many objects of a kind have series of their own on `/metrics`; the totals beside them count all.
///
/// People write scopes, channels and sources, so their number has a bound here. What is in trouble goes first.
struct MetricBound {
  /// What has series of its own.
  enum Kind: String, CaseIterable {
    case scope, channel
    case dataSource = "data_source"
    case scrapeTarget = "scrape_target"

    /// At most so many objects are shown.
    var limit: Int {
      switch self {
      case .scope: 5_000
      case .channel, .dataSource, .scrapeTarget: 1_000
      }
    }
  }

  /// How many objects were left out.
  private(set) var leftOut: [Kind: Int] = [:]

  /// The elements to show, in the order given.
  mutating func keep<Element>(
    _ elements: [Element], of kind: Kind, first isInTrouble: (Element) -> Bool
  ) -> [Element] {
    guard elements.count > kind.limit else { return elements }
    leftOut[kind] = max(leftOut[kind] ?? 0, elements.count - kind.limit)
    var room = kind.limit
    var kept = [Bool](repeating: false, count: elements.count)
    for wanted in [true, false] {
      for (index, element) in elements.enumerated() where room > 0 && isInTrouble(element) == wanted {
        kept[index] = true
        room -= 1
      }
    }
    return zip(elements, kept).filter(\.1).map(\.0)
  }

  /// How many objects have no series of their own.
  var family: MetricFamily {
    MetricFamily(
      name: "belfry_metrics_objects_left_out", help: "Objects without series of their own, because there are too many.",
      kind: .gauge,
      samples: Kind.allCases.map { .init(labels: [Label("kind", $0.rawValue)], value: Double(leftOut[$0] ?? 0)) })
  }
}
