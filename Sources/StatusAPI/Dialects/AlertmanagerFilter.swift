import Model

/// Which alerts a request in Alertmanager's way asks for.
struct AlertmanagerFilter {
  private let matchers: [Matcher]
  private let active: Bool
  private let silenced: Bool
  private let inhibited: Bool
  private let muted: Bool
  private let receiver: Matcher?
  /// Which channels the receiver's pattern fits; each is asked once.
  private var known: [ResourceID: Bool] = [:]

  init(_ parameters: Parameters) throws(APIError) {
    matchers = try parameters.filters()
    active = parameters.alertmanagerFlag("active")
    silenced = parameters.alertmanagerFlag("silenced")
    inhibited = parameters.alertmanagerFlag("inhibited")
    muted = parameters.alertmanagerFlag("muted")
    do throws(MatcherSyntaxError) {
      if let text = parameters.text("receiver") {
        receiver = try Matcher(parsing: "receiver=~" + text.quotedAsGo)
      } else {
        receiver = nil
      }
    } catch {
      throw .badRequest("failed to parse receiver param: \(error.message)")
    }
  }

  /// Whether an alert passes: only firing ones are Alertmanager's.
  ///
  /// It takes the entry: a view handed over whole is copied, text by text, which took longer than all that is asked here.
  mutating func takes(_ entry: AlertEntry) -> Bool {
    guard entry.view.alert.state == .firing else { return false }
    if !matchers.isEmpty, !matchers.accept(entry.view.alert.labels) { return false }
    if !silenced, !entry.view.silencedBy.isEmpty { return false }
    if !inhibited, !entry.view.inhibitedBy.isEmpty { return false }
    if !muted, !entry.view.mutedBy.isEmpty { return false }
    if !active, !entry.view.isSuppressed { return false }
    guard receiver != nil else { return true }
    for channel in entry.view.channels where takes(channel) { return true }
    return false
  }

  /// Whether some receivers are asked for.
  var hasReceiver: Bool { receiver != nil }

  /// Without the channels that weren't asked for.
  mutating func limited(_ view: AlertView) -> AlertView {
    var limited = view
    limited.channels = view.channels.filter { takes($0) }
    return limited
  }

  /// Whether the receiver's pattern fits a channel.
  mutating func takes(_ channel: ResourceID) -> Bool {
    guard let receiver else { return true }
    if let known = known[channel] { return known }
    let fits = receiver.accepts(channel.receiverName)
    known[channel] = fits
    return fits
  }
}

extension Parameters {
  /// `filter=`, each with one matcher or a list.
  func filters() throws(APIError) -> [Matcher] {
    var matchers: [Matcher] = []
    for text in all("filter") {
      do throws(MatcherSyntaxError) {
        matchers += try Matcher.parseList(text)
      } catch {
        throw .badRequest("bad matcher format: \(text): \(error.message), at byte \(error.offset)")
      }
    }
    return matchers
  }

  /// A flag that is on unless it is given: on for the words that Alertmanager takes for true, off for any other.
  func alertmanagerFlag(_ name: String) -> Bool {
    guard let text = text(name) else { return true }
    return ["true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled"].contains(text.lowercased())
  }
}
