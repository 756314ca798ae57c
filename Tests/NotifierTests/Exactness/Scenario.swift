import Model
import TestKit
import Testing

/// A short history that Alertmanager and Belfry are put through alike. All times are milliseconds from its start.
struct Scenario: Sendable {
  /// An alert, by the name that the script and the listings call it.
  struct Sample: Sendable {
    let name: String
    let labels: Labels
  }

  /// Something that happens.
  enum Step: Sendable {
    /// They fire, the first time or anew; those that fire already get another annotation.
    case fire([String], note: String = "", since: Int? = nil)
    case resolve([String])
    /// Prometheus says again that they have resolved, as it does for a quarter of an hour; Belfry's evaluator doesn't.
    case remind([String])
    /// From `starting` (now when `nil`) for `lasting`.
    case silence(String, String, starting: Int? = nil, lasting: Int = 3_600_000)
    case unsilence(String)
    /// The configuration is another one from now on.
    case configure(Setup)
    /// What a hook answers from now on: each of `first` once, then always `then`.
    case answer(String, first: [Int] = [], then: Int = 200)
  }

  struct Event: Sendable {
    var at: Int
    var step: Step
  }

  /// What Alertmanager does where Belfry does something else on purpose.
  struct Difference: Sendable {
    let why: String
    var sequence: [Told]
  }

  let name: String
  var setup: Setup
  let alerts: [Sample]
  var script: [Event]
  var length: Int
  var difference: Difference?
  /// How much later or earlier than expected a message may come beside the usual: pauses before another try are random
  /// in Alertmanager.
  var slack = 0

  init(
    _ name: String, _ setup: Setup, _ alerts: [Sample] = Scenario.usual, length: Int, slack: Int = 0,
    alertmanager difference: Difference? = nil, _ script: (Int, Step)...
  ) {
    self.name = name
    self.setup = setup
    self.alerts = alerts
    self.length = length
    self.slack = slack
    self.difference = difference
    self.script = script.map { Event(at: $0.0, step: $0.1) }
  }

  /// Two alerts of one name and one of another.
  static let usual = [
    Sample(name: "a", labels: ["alertname": "X", "i": "1"]), Sample(name: "b", labels: ["alertname": "X", "i": "2"]),
    Sample(name: "c", labels: ["alertname": "Y", "i": "1"]),
  ]

  /// The first sample with these labels.
  func name(of labels: Labels) -> String { alerts.first { $0.labels == labels }?.name ?? labels.description }

  func labels(of name: String) -> Labels { alerts.first { $0.name == name }?.labels ?? .empty }
}

/// What both notifiers are told to do.
struct Setup: Sendable {
  /// A webhook.
  struct Hook: Sendable {
    let name: String
    var sendsResolved = true
    var maxAlerts = 0
  }

  /// Alertmanager's receiver with its webhooks; in Belfry a channel for each of them.
  struct Receiver: Sendable {
    let name: String
    let hooks: [Hook]
  }

  struct Inhibition: Sendable {
    let source: String
    let target: String
    let equal: [String]
  }

  var receivers: [Receiver]
  var root: Way
  var inhibitions: [Inhibition] = []

  /// Time intervals that both know: one that contains every moment, one that contains none of these days.
  static let intervals = ["always": 2000...2100, "never": 2001...2001]

  /// The receivers `names` with a webhook each of the same name.
  init(_ root: Way, _ names: [String] = ["ops"], inhibitions: [Inhibition] = []) {
    self.init(root, receivers: names.map { Receiver(name: $0, hooks: [Hook(name: $0)]) }, inhibitions: inhibitions)
  }

  init(_ root: Way, receivers: [Receiver], inhibitions: [Inhibition] = []) {
    self.receivers = receivers
    self.root = root
    self.inhibitions = inhibitions
  }
}

/// A route.
struct Way: Sendable {
  enum Grouping: Sendable {
    /// `group_by` isn't given in Alertmanager; in Belfry it is the empty list, since its default is another one.
    case missing
    case all
    case by([String])
  }

  var receiver: String?
  var matchers: [String] = []
  var grouping: Grouping?
  var wait: Int?
  var interval: Int?
  var repeats: Int?
  var continues = false
  var mute: [String] = []
  var active: [String] = []
  var children: [Way] = []

  /// A root: wait 1 s, interval 1.5 s, so that a group of an alert at 0 is looked at after 1, 2.5, 4 and 5.5 s.
  static func root(
    _ receiver: String = "ops", by grouping: Grouping = .by(["alertname"]), wait: Int = 1000, interval: Int = 1500,
    repeats: Int = 60_000, routes children: [Way] = []
  ) -> Way {
    var way = Way()
    way.receiver = receiver
    way.grouping = grouping
    way.wait = wait
    way.interval = interval
    way.repeats = repeats
    way.children = children
    return way
  }

  static func child(
    _ matchers: [String], to receiver: String? = nil, by grouping: Grouping? = nil, wait: Int? = nil,
    interval: Int? = nil, continues: Bool = false, mute: [String] = [], active: [String] = [], _ children: [Way] = []
  ) -> Way {
    var way = Way()
    way.receiver = receiver
    way.matchers = matchers
    way.grouping = grouping
    way.wait = wait
    way.interval = interval
    way.continues = continues
    way.mute = mute
    way.active = active
    way.children = children
    return way
  }
}

/// One message that a webhook took.
struct Told: Hashable, Sendable {
  var at: Int
  let hook: String
  /// The group key, as the message had it.
  let group: String
  /// Names of alerts, sorted, with the annotation `note` in quotes where there is one.
  let firing: [String]
  let resolved: [String]
  /// How many alerts were cut off.
  var cut = 0

  /// `firing a b, resolved c, 2 more`
  var words: String {
    var parts: [String] = []
    if !firing.isEmpty { parts.append("firing " + firing.joined(separator: " ")) }
    if !resolved.isEmpty { parts.append("resolved " + resolved.joined(separator: " ")) }
    if cut > 0 { parts.append("\(cut) more") }
    return parts.joined(separator: ", ")
  }

  /// What the order is strict within: a hook and a group.
  var place: String { hook + " " + group }
}

/// A message to the group of `X` at the root, or to another.
func told(
  _ at: Int, _ hook: String = "ops", _ group: String = #"{}:{alertname="X"}"#, firing: [String] = [],
  resolved: [String] = []
) -> Told {
  Told(at: at, hook: hook, group: group, firing: firing, resolved: resolved)
}

// MARK: - Slower

extension Scenario {
  /// The same history with all times stretched: for a machine that is too busy for the usual speed.
  func slowed(by factor: Int) -> Scenario {
    var slow = self
    slow.setup = setup.slowed(by: factor)
    slow.length *= factor
    slow.slack *= factor
    slow.difference?.sequence = difference?.sequence.map { $0.moved(to: $0.at * factor) } ?? []
    slow.script = script.map { event in
      var step = event.step
      switch step {
      case .configure(let setup): step = .configure(setup.slowed(by: factor))
      case .fire(let names, let note, let since): step = .fire(names, note: note, since: since.map { $0 * factor })
      case .silence(let name, let matcher, let starting, let lasting):
        step = .silence(name, matcher, starting: starting.map { $0 * factor }, lasting: lasting * factor)
      case .resolve, .remind, .unsilence, .answer: break
      }
      return Event(at: event.at * factor, step: step)
    }
    return slow
  }
}

extension Told {
  func moved(to at: Int) -> Told {
    var moved = self
    moved.at = at
    return moved
  }
}

extension Setup {
  fileprivate func slowed(by factor: Int) -> Setup {
    var slow = self
    slow.root = root.slowed(by: factor)
    return slow
  }
}

extension Way {
  fileprivate func slowed(by factor: Int) -> Way {
    var slow = self
    slow.wait = wait.map { $0 * factor }
    slow.interval = interval.map { $0 * factor }
    slow.repeats = repeats.map { $0 * factor }
    slow.children = children.map { $0.slowed(by: factor) }
    return slow
  }
}
