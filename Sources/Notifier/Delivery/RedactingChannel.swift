import Model
import Synchronization

/// A channel whose words are free of what it sent in confidence, whatever the other side, or an error, repeats of it.
///
/// The only place that sees to it: channels tell what they hear as it came.
package struct RedactingChannel: Channel {
  private let channel: any Channel
  private let secrets: RememberedSecrets

  /// `make`: gives the channel, which must read all its secrets from the context that it is given.
  package init(_ context: ChannelContext, _ make: (ChannelContext) -> any Channel) {
    secrets = RememberedSecrets(context.secrets)
    var context = context
    context.secrets = secrets
    channel = make(context)
  }

  package func send(_ post: Post, through outlet: inout Outlet) async throws(DeliveryError) -> Receipt {
    do throws(DeliveryError) {
      let receipt = try await channel.send(post, through: &outlet)
      // Only now is it known what was sent.
      return mask(outlet).masked(receipt)
    } catch {
      throw error.rewording(mask(outlet).masked)
    }
  }

  private func mask(_ outlet: Outlet) -> SecretMask { secrets.mask.hiding(partsOf: outlet.addresses) }
}

/// Passes secrets on and remembers them.
private final class RememberedSecrets: SecretResolver {
  private struct State {
    var texts: [String: [String]] = [:]
    /// Of all texts; made when it is asked for, since that takes long.
    var mask: SecretMask?
  }

  /// A secret that is replaced while messages are under way may still come back.
  private static let versions = 3

  private let source: any SecretResolver
  private let state = Mutex(State())

  init(_ source: any SecretResolver) {
    self.source = source
  }

  /// Hides all that was asked for.
  var mask: SecretMask {
    state.withLock { state in
      if let mask = state.mask { return mask }
      let mask = SecretMask(state.texts.values.joined())
      state.mask = mask
      return mask
    }
  }

  func secret(_ name: String, for scope: Scope) throws(SecretError) -> Secret {
    let secret = try source.secret(name, for: scope)
    remember(secret.text, as: name)
    return secret
  }

  func file(_ name: String, for scope: Scope) throws(SecretError) -> String { try source.file(name, for: scope) }

  private func remember(_ text: String, as name: String) {
    state.withLock { state in
      let isKnown = state.texts[name]?.contains { $0.utf8.elementsEqual(text.utf8) } ?? false
      if isKnown { return }
      state.texts[name] = (state.texts[name, default: []] + [text]).suffix(Self.versions)
      state.mask = nil
    }
  }
}

extension SecretMask {
  /// A handle that holds a secret is none: it would be kept in the ledger.
  fileprivate func masked(_ receipt: Receipt) -> Receipt {
    Receipt(
      detail: masked(receipt.detail), handle: receipt.handle.flatMap { masked($0) == $0 ? $0 : nil })
  }
}
