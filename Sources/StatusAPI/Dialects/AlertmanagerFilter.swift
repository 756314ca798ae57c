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
  mutating func takes(_ view: AlertView) -> Bool {
    guard view.alert.state == .firing, matchers.accept(view.alert.labels) else { return false }
    if !silenced, !view.silencedBy.isEmpty { return false }
    if !inhibited, !view.inhibitedBy.isEmpty { return false }
    if !muted, !view.mutedBy.isEmpty { return false }
    if !active, !view.isSuppressed { return false }
    guard receiver != nil else { return true }
    for channel in view.channels where takes(channel) { return true }
    return false
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
