<?php
/**
 * Stands in for WooCommerce as far as the plugin touches it: an order, and the hooks of both checkouts in WooCommerce's order and with its
 * arguments.
 *
 * Written after WooCommerce 11.0: templates/checkout/form-billing.php, WC_Checkout::create_order() and ::process_checkout(), and the Store
 * API's Checkout route.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

/**
 * An order, kept as a post.
 */
class WC_Order {

	private int $id = 0;

	private array $meta = array();

	public function get_id(): int {
		return $this->id;
	}

	public function get_order_number(): string {
		return (string) $this->id;
	}

	public function get_billing_email(): string {
		return 'ann@example.org';
	}

	public function get_formatted_billing_full_name(): string {
		return "Ann O'Brien";
	}

	public function get_customer_ip_address(): string {
		return '203.0.113.7';
	}

	public function get_customer_user_agent(): string {
		return 'Mozilla/5.0 (Test)';
	}

	public function get_meta( string $key ) {
		return $this->meta[ $key ] ?? ( $this->id ? get_post_meta( $this->id, $key, true ) : '' );
	}

	public function update_meta_data( string $key, $value ): void {
		$this->meta[ $key ] = $value;
	}

	public function delete_meta_data( string $key ): void {
		unset( $this->meta[ $key ] );
		if ( $this->id ) {
			delete_post_meta( $this->id, $key );
		}
	}

	public function save_meta_data(): void {
		foreach ( $this->meta as $key => $value ) {
			update_post_meta( $this->id, $key, wp_slash( $value ) );
		}
		$this->meta = array();
	}

	public function save(): int {
		$this->id = $this->id ?: wp_insert_post( array( 'post_title' => 'Order', 'post_type' => 'shop_order' ) );
		$this->save_meta_data();
		return $this->id;
	}
}

/**
 * The additional fields of the checkout block, by id.
 */
$GLOBALS['woocommerce_checkout_fields'] = array();

function woocommerce_register_additional_checkout_field( array $options ): void {
	$GLOBALS['woocommerce_checkout_fields'][ $options['id'] ] = $options;
}

/**
 * The classic checkout, as far as payment: an order that is paid for in a second try is resumed.
 */
function woocommerce_classic_checkout( array $posted, ?WC_Order $order = null ): WC_Order {
	$_POST = wp_slash( $posted );
	$order = $order ?? new WC_Order();
	do_action( 'woocommerce_checkout_create_order', $order, $posted );
	$order->save();
	do_action( 'woocommerce_checkout_order_processed', $order->get_id(), $posted, $order );
	$_POST = array();
	return $order;
}

/**
 * The checkout block: WooCommerce keeps the additional fields with the order by itself.
 */
function woocommerce_block_checkout( array $fields ): WC_Order {
	$order = new WC_Order();
	foreach ( $fields as $id => $value ) {
		$order->update_meta_data( '_wc_other/' . $id, $value ? '1' : '0' );
	}
	$order->save();
	do_action( 'woocommerce_store_api_checkout_order_processed', $order );
	return $order;
}
