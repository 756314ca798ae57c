import Model
import Synchronization

/// One live alert in an ``AlertBook``, with what was rendered of it.
///
/// An entry never changes: an alert that does gets another one.
@dynamicMemberLookup
package final class AlertEntry: Sendable {
  /// Which rendering is kept.
  package enum Dialect: Int, Sendable, CaseIterable {
    /// As `/api/v1/alerts` has it.
    case api
    /// As Alertmanager's `/api/v2/alerts` has it.
    case alertmanager
    /// As Prometheus's `/api/v1/alerts` has it.
    case prometheus

    /// Whether the alert's value is part of it: if not, a rendering outlives a value.
    var showsValue: Bool { self != .alertmanager }
  }

  package let key: AlertKey
  package let view: AlertView
  private let fragments: Mutex<[[UInt8]?]>

  /// `former`: the entry that this one replaces; what was rendered of it is kept where nothing that it shows changed.
  package init(_ view: AlertView, replacing former: AlertEntry? = nil) {
    key = AlertKey(view.alert)
    self.view = view
    var kept: [[UInt8]?] = []
    if let former, view.equalsButForValue(former.view) {
      kept = former.fragments.withLock { $0 }
      for dialect in Dialect.allCases where dialect.showsValue && dialect.rawValue < kept.count {
        kept[dialect.rawValue] = nil
      }
    }
    fragments = Mutex(kept)
  }

  package subscript<Value>(dynamicMember member: KeyPath<AlertView, Value>) -> Value { view[keyPath: member] }

  /// The alert's bytes in a dialect, rendered once and then kept with it.
  package func fragment(_ dialect: Dialect, _ render: (AlertView) -> [UInt8]) -> [UInt8] {
    if let known = fragments.withLock({ dialect.rawValue < $0.count ? $0[dialect.rawValue] : nil }) { return known }
    let rendered = render(view)
    fragments.withLock { fragments in
      // Most alerts are read in one dialect, many in none.
      while fragments.count <= dialect.rawValue { fragments.append(nil) }
      fragments[dialect.rawValue] = rendered
    }
    return rendered
  }
}

extension AlertView {
  /// Whether both are the same but for the sample's value.
  fileprivate func equalsButForValue(_ other: AlertView) -> Bool {
    var same = other
    same.alert.value = alert.value
    return same == self
  }
}
