package import Model

extension ResourceID {
  /// The name of a channel among the receivers of Alertmanager's API: `shop/oncall`, `shop/checkout/oncall`,
  /// `platform/oncall`. Two tenants may have channels of one name, so the scope is always in it.
  package var receiverName: String { scope.description + "/" + name }
}
