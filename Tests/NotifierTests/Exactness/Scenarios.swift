import Model

extension Scenario {
  /// Every scenario there is.
  static var all: [Scenario] { timing + grouping + routing + resolving + inhibiting + silencing + reloading + sending }

  // MARK: When

  private static let timing = [
    Scenario("a first notification waits for group_wait", Setup(.root()), length: 4500, (0, .fire(["a"]))),
    Scenario(
      "a second alert within group_wait is in the first message", Setup(.root()), length: 3000,
      (0, .fire(["a"])), (500, .fire(["b"]))),
    Scenario(
      "an alert during group_interval waits for its end", Setup(.root()), length: 4500,
      (0, .fire(["a"])), (1700, .fire(["b"]))),
    Scenario(
      "an alert that is older than group_wait is told at once", Setup(.root()), length: 2500,
      (400, .fire(["a"], since: -10_000))),
    Scenario(
      "only the alert that makes a group may be told at once", Setup(.root()), length: 3000,
      (0, .fire(["a"])), (500, .fire(["c"], since: -10_000)), (1700, .fire(["b"], since: -10_000))),
    Scenario(
      "a message is repeated at the first interval after repeat_interval", Setup(.root(repeats: 2000)), length: 7600,
      (0, .fire(["a"]))),
    Scenario(
      "a message with something new puts off the next repetition", Setup(.root(repeats: 2000)), length: 6300,
      (0, .fire(["a"])), (1700, .fire(["b"]))),
    Scenario(
      "a route below may have times of its own",
      Setup(.root(routes: [.child([#"alertname="Y""#], wait: 2000)])), length: 4500, (0, .fire(["a", "c"])),
      (2600, .fire(["b"]))),
    Scenario(
      "other annotations are no news, and come with the next message", Setup(.root()), length: 4700,
      (0, .fire(["a"], note: "old")), (1700, .fire(["a"], note: "new")), (3000, .fire(["b"]))),
  ]

  // MARK: Together

  private static let grouping = [
    Scenario(
      "every value of the group_by labels is a group", Setup(.root()), length: 3000,
      (0, .fire(["a", "c"])), (500, .fire(["b"]))),
    Scenario(
      "group_by with several labels", Setup(.root(by: .by(["i", "alertname"]))), length: 2500,
      (0, .fire(["a", "b", "c"]))),
    Scenario(
      "group_by ... makes every alert a group", Setup(.root(by: .all)), length: 3000,
      (0, .fire(["a", "b"])), (500, .fire(["c"]))),
    Scenario("no group_by makes all one group", Setup(.root(by: .missing)), length: 2500, (0, .fire(["a", "b", "c"]))),
    Scenario(
      "alerts without the group_by labels are together", Setup(.root(by: .by(["cluster"]))), length: 2500,
      (0, .fire(["a", "c"]))),
    Scenario(
      "two alerts with the same labels are one", Setup(.root()),
      [usual[0], Sample(name: "twin", labels: usual[0].labels), usual[1]], length: 4500,
      (0, .fire(["a"])), (300, .fire(["twin"])), (1700, .fire(["b"]))),
    Scenario(
      "many alerts in one message", Setup(.root()),
      (10..<40).map { Sample(name: "n\($0)", labels: ["alertname": "X", "i": String($0)]) }, length: 4500,
      (0, .fire((10..<30).map { "n\($0)" })), (1700, .fire((30..<40).map { "n\($0)" }))),
  ]

  // MARK: Where

  private static let teams = [
    Sample(name: "web", labels: ["alertname": "X", "team": "web", "severity": "critical"]),
    Sample(name: "db", labels: ["alertname": "X", "team": "db", "severity": "warning"]),
    Sample(name: "page", labels: ["alertname": "X", "team": "db", "severity": "critical"]),
  ]

  private static let routing = [
    Scenario(
      "nested routes: the deepest that matches takes it",
      Setup(
        .root(routes: [.child([#"team="db""#], to: "dba", [.child([#"severity="critical""#], to: "pager")])]),
        ["ops", "dba", "pager"]), teams, length: 2500, (0, .fire(["web", "db", "page"]))),
    Scenario(
      "continue gives an alert to the next route too",
      Setup(
        .root(routes: [
          .child([#"team="db""#], to: "dba", continues: true), .child([#"severity="critical""#], to: "pager"),
        ]),
        ["ops", "dba", "pager"]), teams, length: 4500, (0, .fire(["web", "db", "page"])), (1700, .resolve(["page"]))),
    Scenario(
      "regular expressions are anchored, and a missing label is empty",
      Setup(
        .root(routes: [
          .child([#"severity=~"crit""#], to: "pager"), .child([#"team=~"d.*|x""#], to: "dba"),
          .child([#"region!~".+""#, #"team!="db""#], to: "pager"),
        ]), ["ops", "dba", "pager"]), teams, length: 2500, (0, .fire(["web", "db", "page"]))),
    Scenario(
      "two routes to one receiver send two messages",
      Setup(
        .root(routes: [
          .child([#"team="db""#], to: "ops", continues: true), .child([#"severity="critical""#], to: "ops"),
        ])), teams, length: 2500, (0, .fire(["page"]))),
    Scenario(
      "a receiver with several webhooks tells each of them",
      Setup(
        .root("both"),
        receivers: [
          Setup.Receiver(
            name: "both", hooks: [Setup.Hook(name: "chat"), Setup.Hook(name: "pager", sendsResolved: false)])
        ]), length: 4500, (0, .fire(["a", "b"])), (1700, .resolve(["a"]))),
    Scenario(
      "a route is mute while a mute_time_intervals contains the time",
      Setup(
        .root(routes: [
          .child([#"i="1""#], mute: ["never", "always"]), .child([#"i="2""#], mute: ["never"]),
        ])), length: 4500, (0, .fire(["a", "b"]))),
    Scenario(
      "a route is mute while no active_time_intervals contains the time, and a child doesn't inherit it",
      Setup(
        .root(routes: [
          .child([#"i="1""#], active: ["never"], [.child([#"alertname="Y""#])]),
          .child([#"i="2""#], active: ["never", "always"]),
        ])), length: 4500, (0, .fire(["a", "b", "c"]))),
  ]

  // MARK: The end

  private static let resolving = [
    Scenario(
      "what resolves within group_wait is never told", Setup(.root()), length: 4500,
      (0, .fire(["a"])), (500, .resolve(["a"]))),
    Scenario(
      "a resolved alert is told at the next interval", Setup(.root()), length: 4500,
      (0, .fire(["a"])), (1700, .resolve(["a"]))),
    Scenario(
      "one of two resolves", Setup(.root()), length: 6000, (0, .fire(["a", "b"])), (1700, .resolve(["b"])),
      (3200, .resolve(["a"]))),
    Scenario(
      "an alert that comes and goes between two flushes is told as resolved beside others", Setup(.root()),
      length: 4500, (0, .fire(["a"])), (1500, .fire(["b"])), (2000, .resolve(["b"]))),
    Scenario(
      "flapping within an interval says nothing", Setup(.root()), length: 4500,
      (0, .fire(["a"])), (1500, .resolve(["a"])), (2000, .fire(["a"]))),
    Scenario(
      "resolved and told, an alert that fires again is told again", Setup(.root()), length: 6000,
      (0, .fire(["a"])), (1700, .resolve(["a"])), (3000, .fire(["a"])), (4700, .resolve(["a"]))),
    Scenario(
      "an alert fires again when one of its groups has told its end and another hasn't",
      Setup(
        .root(routes: [
          .child([#"alertname="X""#], to: "fast", continues: true), .child([#"i="1""#], to: "slow", interval: 5000),
        ]), ["ops", "fast", "slow"]), length: 6600,
      (0, .fire(["a"])), (1700, .resolve(["a"])), (3000, .fire(["a"]))),
    Scenario(
      "send_resolved false: resolutions are no news and in no message",
      Setup(.root(), receivers: [Setup.Receiver(name: "ops", hooks: [Setup.Hook(name: "ops", sendsResolved: false)])]),
      usual + [Sample(name: "d", labels: ["alertname": "X", "i": "4"])], length: 6000,
      (0, .fire(["a", "b"])), (1700, .resolve(["b"])), (3200, .fire(["d"])), (4700, .resolve(["a", "d"]))),
    Scenario(
      "send_resolved false: all resolved clears the log, so that the next firing is told",
      Setup(.root(), receivers: [Setup.Receiver(name: "ops", hooks: [Setup.Hook(name: "ops", sendsResolved: false)])]),
      length: 5000, (0, .fire(["a"])), (1700, .resolve(["a"])), (3000, .fire(["a"]))),
    Scenario(
      "an alert that fires again in a group of its own that was empty", Setup(.root(wait: 500, interval: 3000)),
      length: 8000,
      alertmanager: Difference(
        why:
          "Alertmanager 0.25 keeps an empty group, with its timer, until it clears up every 30 s. Later versions, and "
          + "Belfry, let it go at once: the next alert waits for group_wait.",
        sequence: [told(500, firing: ["a"]), told(3500, resolved: ["a"]), told(6500, firing: ["a"])]),
      (0, .fire(["a"])), (1700, .resolve(["a"])), (4200, .fire(["a"]))),
    Scenario(
      "Prometheus says again that an alert has resolved, and something new is told", Setup(.root()),
      usual + [Sample(name: "d", labels: ["alertname": "X", "i": "4"])], length: 6000,
      alertmanager: Difference(
        why:
          "Prometheus says for 15 minutes that an alert has resolved, and Alertmanager puts it into every message of "
          + "that time. Belfry's evaluator says it once, and Belfry tells an end once.",
        sequence: [
          told(1000, firing: ["a", "b"]), told(2500, firing: ["a"], resolved: ["b"]),
          told(4000, firing: ["a", "d"], resolved: ["b"]),
        ]),
      (0, .fire(["a", "b"])), (1700, .resolve(["b"])), (3000, .remind(["b"])), (3200, .fire(["d"]))),
  ]

  // MARK: Inhibition

  private static let severities = [
    Sample(name: "down", labels: ["alertname": "Down", "severity": "critical", "cluster": "a"]),
    Sample(name: "slow", labels: ["alertname": "Slow", "severity": "warning", "cluster": "a"]),
    Sample(name: "other", labels: ["alertname": "Slow", "severity": "warning", "cluster": "b"]),
  ]

  private static let slow = #"{}:{alertname="Slow"}"#
  private static let down = #"{}:{alertname="Down"}"#

  private static func inhibits(equal: [String] = [], repeats: Int = 60_000) -> Setup {
    Setup(
      .root(repeats: repeats),
      inhibitions: [Setup.Inhibition(source: #"severity="critical""#, target: #"severity="warning""#, equal: equal)])
  }

  private static let inhibiting = [
    Scenario(
      "a target that begins with its source isn't told", inhibits(), severities, length: 3000,
      (0, .fire(["down", "slow"]))),
    Scenario(
      "a source that comes after its target was told stops the repetitions", inhibits(repeats: 2000), severities,
      length: 7600, (0, .fire(["slow"])), (1700, .fire(["down"])), (4900, .resolve(["down"]))),
    Scenario(
      "inhibition needs equal labels where it says so", inhibits(equal: ["cluster", "zone"]), severities, length: 2500,
      (0, .fire(["down", "slow", "other"]))),
    Scenario(
      "when the source resolves, the target is told", inhibits(), severities, length: 4500,
      (0, .fire(["down", "slow"])), (1700, .resolve(["down"]))),
    Scenario(
      "alerts that match both sides don't inhibit each other",
      Setup(
        .root(by: .all),
        inhibitions: [Setup.Inhibition(source: #"cluster="a""#, target: #"alertname=~".+""#, equal: [])]),
      severities, length: 2500, (0, .fire(["down", "slow", "other"]))),
    Scenario(
      "an alert that was told and resolves while it is inhibited", inhibits(), severities, length: 6000,
      alertmanager: Difference(
        why: "As in silence: Alertmanager lets go of it, Belfry tells its end when the source has resolved.",
        sequence: [
          told(1000, "ops", slow, firing: ["slow"]), told(2700, "ops", down, firing: ["down"]),
          told(4200, "ops", down, resolved: ["down"]),
        ]),
      (0, .fire(["slow"])), (1700, .fire(["down"])), (2000, .resolve(["slow"])), (3500, .resolve(["down"]))),
    Scenario(
      "a silenced source still inhibits", inhibits(), severities, length: 3000,
      (0, .silence("quiet", #"alertname="Down""#)), (300, .fire(["down", "slow"]))),
  ]

  // MARK: Silences

  private static let silencing = [
    Scenario(
      "what a silence mutes from the beginning is told when it ends", Setup(.root()), length: 5800,
      (0, .silence("quiet", #"i="1""#, lasting: 3400)), (300, .fire(["a"]))),
    Scenario(
      "a silence mutes some alerts of a group", Setup(.root()), length: 3000,
      (0, .silence("quiet", #"i="2""#)), (300, .fire(["a", "b"]))),
    Scenario(
      "a silence of an alert that was told stops the repetitions until it is ended", Setup(.root(repeats: 2000)),
      length: 6300, (0, .fire(["a"])), (1700, .silence("quiet", #"alertname=~"X|Z""#)), (4700, .unsilence("quiet"))),
    Scenario(
      "a silence that begins later", Setup(.root()), length: 6300,
      (0, .silence("quiet", #"i="2""#, starting: 1700, lasting: 3000)), (200, .fire(["a"])), (2000, .fire(["b"]))),
    Scenario(
      "what was never told and resolves in silence goes without a word", Setup(.root()), length: 5000,
      (0, .silence("quiet", #"i="1""#, lasting: 3000)), (300, .fire(["a"])), (1900, .resolve(["a"]))),
    Scenario(
      "an alert that was told and resolves in silence", Setup(.root()), length: 6000,
      alertmanager: Difference(
        why: "Alertmanager lets go of it, and the receiver never hears of its end. Belfry tells it after the silence.",
        sequence: [told(1000, firing: ["a"])]),
      (0, .fire(["a"])), (1300, .silence("quiet", #"i="1""#, lasting: 3400)), (1900, .resolve(["a"]))),
    Scenario(
      "an alert that was told is silenced while something else in its group is told", Setup(.root()),
      usual + [Sample(name: "d", labels: ["alertname": "X", "i": "4"])], length: 6000,
      alertmanager: Difference(
        why: "Alertmanager's log forgets the silenced alert when it is rewritten, and tells it as new after the "
          + "silence. Belfry's log keeps it.",
        sequence: [
          told(1000, firing: ["a", "b"]), told(2500, firing: ["b", "d"]), told(4000, firing: ["a", "b", "d"]),
        ]),
      (0, .fire(["a", "b"])), (1300, .silence("quiet", #"i="1""#, lasting: 2000)), (1700, .fire(["d"]))),
  ]

  // MARK: Reload

  private static let anew =
    "A reload makes Alertmanager's groups anew, and those of old alerts are looked at at once. "
    + "Belfry keeps the groups of routes that stay, with their timers."

  private static let reloading = [
    Scenario(
      "a reload that changes nothing tells nothing again", Setup(.root()), length: 6000,
      (0, .fire(["a", "b"])), (1700, .configure(Setup(.root())))),
    Scenario(
      "a reload during the interval", Setup(.root(interval: 3000)), length: 5000,
      alertmanager: Difference(why: anew, sequence: [told(1000, firing: ["a"]), told(2300, firing: ["a", "b"])]),
      (0, .fire(["a"])), (1500, .fire(["b"])), (2300, .configure(Setup(.root(interval: 3000))))),
    Scenario(
      "a reload that groups by another label tells the new groups", Setup(.root()), length: 4500,
      (0, .fire(["a", "b"])), (1700, .configure(Setup(.root(by: .by(["alertname", "i"])))))),
    Scenario(
      "a reload that adds a receiver tells it what fires", Setup(.root()), length: 4500, (0, .fire(["a", "c"])),
      (1700, .configure(Setup(.root(routes: [.child([#"alertname="X""#], to: "pager")]), ["ops", "pager"])))),
    Scenario(
      "a reload that adds a receiver beside the old one",
      Setup(.root(routes: [.child([#"alertname="X""#], to: "ops")])), length: 4500, (0, .fire(["a"])),
      (
        1700,
        .configure(
          Setup(
            .root(routes: [
              .child([#"alertname="X""#], to: "ops", continues: true), .child([#"i="1""#], to: "pager"),
            ]), ["ops", "pager"]))
      )),
    Scenario(
      "a reload that takes a receiver away",
      Setup(
        .root(routes: [.child([#"i="1""#], to: "pager", continues: true), .child([], to: "ops")]), ["ops", "pager"]),
      length: 4500, (0, .fire(["a"])), (1700, .configure(Setup(.root(routes: [.child([], to: "ops")])))),
      (2100, .resolve(["a"]))),
    Scenario(
      "a reload that gives a route another receiver", Setup(.root(interval: 3000), ["ops", "pager"]), length: 5000,
      alertmanager: Difference(
        why: anew, sequence: [told(1000, firing: ["a"]), told(2300, "pager", firing: ["a"])]),
      (0, .fire(["a"])), (2300, .configure(Setup(.root("pager", interval: 3000), ["ops", "pager"])))),
    Scenario(
      "a reload that ends a mute time tells what fires", Setup(.root(routes: [.child([], mute: ["always"])])),
      length: 5000,
      alertmanager: Difference(why: anew, sequence: [told(2700, "ops", #"{}/{}:{alertname="X"}"#, firing: ["a"])]),
      (0, .fire(["a"])), (2700, .configure(Setup(.root(routes: [.child([], mute: ["never"])]))))),
  ]

  // MARK: Trouble

  private static let sending = [
    Scenario(
      "max_alerts cuts a message and says by how much",
      Setup(.root(), receivers: [Setup.Receiver(name: "ops", hooks: [Setup.Hook(name: "ops", maxAlerts: 1)])]),
      length: 2500, (0, .fire(["a", "b"]))),
    Scenario(
      "a webhook that fails twice gets the message once it works", Setup(.root(interval: 4000)), length: 6000,
      slack: 2500, (0, .answer("ops", first: [500, 503])), (100, .fire(["a"]))),
    Scenario(
      "a webhook that refuses a message gets it again at the next interval", Setup(.root()), length: 4500,
      (0, .answer("ops", first: [400])), (100, .fire(["a"]))),
    Scenario(
      "a webhook that refuses a message never gets what resolved meanwhile", Setup(.root()), length: 4500,
      (0, .answer("ops", first: [404])), (100, .fire(["a"])), (1700, .resolve(["a"]))),
    Scenario(
      "a webhook that says it is too much", Setup(.root(interval: 3500)), length: 6000,
      alertmanager: Difference(
        why:
          "Alertmanager doesn't try a webhook again that answers 429, before the next interval. Belfry waits as long "
          + "as it is asked to, or about a second.", sequence: [told(4600, firing: ["a"])]),
      (0, .answer("ops", first: [429])), (100, .fire(["a"]))),
    Scenario(
      "one of two webhooks fails, the other isn't told twice",
      Setup(
        .root("both"),
        receivers: [Setup.Receiver(name: "both", hooks: [Setup.Hook(name: "chat"), Setup.Hook(name: "pager")])]),
      length: 4500, (0, .answer("pager", first: [400])), (100, .fire(["a"])), (1700, .fire(["b"]))),
    Scenario(
      "after an outage the state of then is told", Setup(.root()), length: 9000, slack: 2500,
      (0, .answer("ops", then: 503)), (100, .fire(["a"])), (4000, .answer("ops"))),
    Scenario(
      "something new during an outage", Setup(.root()), length: 9000, slack: 2500,
      alertmanager: Difference(
        why: "Alertmanager first finishes the message that it tries to send, and flushes the group again after it. "
          + "Belfry sends the newest state at once, in one message.",
        sequence: [told(5500, firing: ["a"]), told(5500, firing: ["a", "b"])]),
      (0, .answer("ops", then: 503)), (100, .fire(["a"])), (2000, .fire(["b"])), (4000, .answer("ops"))),
  ]
}
