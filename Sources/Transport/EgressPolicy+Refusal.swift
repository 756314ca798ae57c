import Model

extension EgressPolicy {
  /// Why nothing may be sent to `address`, or `nil` if it may.
  func refusal(of address: IPAddress) -> String? {
    switch address.range {
    case .everywhere:
      nil
    case .loopback:
      denyLoopback ? "'\(address)' is loopback, which the egress policy of this installation denies" : nil
    case .private:
      denyPrivate ? "'\(address)' is a private address, which the egress policy of this installation denies" : nil
    case .linkLocal:
      "'\(address)' is link-local; requests to such addresses are always refused"
    case .metadata:
      "'\(address)' is a cloud's metadata service; requests to it are always refused"
    case .nobody:
      "'\(address)' is not the address of one host; requests to such addresses are always refused"
    }
  }
}
