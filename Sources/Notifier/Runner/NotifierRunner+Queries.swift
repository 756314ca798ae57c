package import Model

extension NotifierRunner {
  /// The groups of one owner, or of all.
  package func groups(of owner: Scope? = nil) -> [GroupSnapshot] { state.groups(of: owner, at: clock.now) }

  /// The groups of the owners that `isWanted` names, by owner and key: those behind `key` of `owner`, at most `limit`.
  package func groups(
    of isWanted: @Sendable (Scope) -> Bool, after owner: Scope?, _ key: String?, limit: Int
  ) -> [GroupSnapshot] {
    state.groups(of: isWanted, after: owner, key, limit: limit, at: clock.now)
  }

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

  /// Where an alert with these labels would go.
  package func preview(_ labels: Labels, in scope: Scope) -> RoutePreview { state.preview(labels, in: scope) }

  /// Resolved alerts whose end isn't told everywhere yet: what a restart needs beside the firing ones.
  package func untold() -> [Alert] { state.untold }
}

// MARK: - For whoever keeps what readers see

extension NotifierRunner {
  /// What becomes of each of these alerts now, in their order; to be asked for some hundreds at once, since nothing is
  /// sent meanwhile.
  package func treatments(of alerts: [Alert]) -> [AlertTreatment] { state.treatments(of: alerts, at: clock.now) }

  /// By what the treatments of these owners' alerts go.
  package func treatmentMarks(of owners: [Scope]) -> [Scope: TreatmentMark] { state.treatmentMarks(of: owners) }

  /// When time alone changes treatments next.
  package func nextTreatmentChange() -> Timestamp? { state.nextTreatmentChange(after: clock.now) }

  /// All silences with their states, without counting what they match.
  package func silenceStates() -> [SilenceSnapshot] { state.silenceStates(at: clock.now) }
}
