import Model

/// Alerts that are told together: those of one route with the same values of its `group_by` labels.
struct Group: Sendable {
  /// Which group it is among those of a dispatcher.
  struct Identity: Hashable, Sendable {
    var target: RouteSet.Target
    let labels: Labels
    /// Of a rule with controls, its position in the dispatcher: such a rule's alerts have groups of their own.
    var rule = Group.noRule
  }

  /// The `rule` of all other groups.
  static let noRule = -1

  /// Stands in keys before the rule that the group is of.
  static let ruleMark = " rule="

  /// One message that was handed out and whose fate isn't known yet.
  struct Outstanding: Sendable {
    let id: UInt64
    let channel: ResourceID
    let firing: [Fingerprint]
    let resolved: [Fingerprint]
  }

  /// The last flush, as long as messages of it are outstanding.
  struct Pending: Sendable {
    /// Ids of the deliveries that it waits for.
    var waiting: Set<UInt64>
    var hasFailed = false
    /// Resolved alerts that go when all is told: slot and version.
    var resolved: [(slot: Int, version: UInt64)]
  }

  var identity: Identity
  let serial: UInt64
  let key: String
  /// Slots of the alerts.
  var members: [Int] = []
  /// Slots of alerts that resolved while muted, after they had been told as firing.
  var held: Set<Int> = []
  var nextFlush: Timestamp
  /// Of the timer that counts; an older one in the heap is void.
  var timer: UInt64 = 0
  /// The batch that created it; alerts of the same batch have a say in its first flush.
  let batch: UInt64
  var isFlushed = false
  var outstanding: [Outstanding] = []
  var pending: Pending?
}

/// A group's next flush, in a dispatcher's heap.
struct GroupTimer: Comparable, Sendable {
  let due: Timestamp
  /// Grows with each timer, so that equal times keep their order.
  let id: UInt64
  let group: Int

  static func < (left: Self, right: Self) -> Bool {
    left.due != right.due ? left.due < right.due : left.id < right.id
  }
}
