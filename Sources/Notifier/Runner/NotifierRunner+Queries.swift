package import Model

extension NotifierRunner {
  /// The groups of one owner, or of all.
  package func groups(of owner: Scope? = nil) -> [GroupSnapshot] { state.groups(of: owner, at: clock.now) }

  /// All silences with their states and how many firing alerts each matches.
  package func silences() -> [SilenceSnapshot] { state.silences(at: clock.now) }

  /// The alerts that no route takes.
  package func unroutedAlerts() -> [Alert] { state.unroutedAlerts }

  package func unroutedCount() -> Int { state.unroutedCount }

  /// How each channel does that has had something to send.
  package func channelHealth() -> [ResourceID: EndpointHealth] { state.channelHealth }

  /// How many alerts were kept from being told.
  package func suppressed() -> Dispatcher.Suppressed { state.suppressed }

  /// Explains the alerts with a fingerprint: where each went, or why it didn't.
  package func explain(_ fingerprint: Fingerprint) -> [AlertExplanation] { state.explain(fingerprint, at: clock.now) }

  /// Every node of its trees that an alert with these labels comes by.
  package func trace(_ labels: Labels, in scope: Scope) -> RouteTrace { state.trace(labels, in: scope) }

  /// Where an alert with these labels would go.
  package func preview(_ labels: Labels, in scope: Scope) -> RoutePreview { state.preview(labels, in: scope) }

  /// Resolved alerts whose end isn't told everywhere yet: what a restart needs beside the firing ones.
  package func untold() -> [Alert] { state.untold }
}
