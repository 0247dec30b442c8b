<?php
/**
 * The box at WooCommerce's checkout.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use Automattic\WooCommerce\Utilities\FeaturesUtil;
use Throwable;
use WC_Order;

/**
 * Shows the box in the classic checkout and in the checkout block, keeps the consent with the order, and hands it over as a submission.
 * This runs while the customer waits, so it only stores.
 */
final class Checkout_Box {

	public const FIELD = 'gateway_connector_checkout';

	/**
	 * The consent that was given with an order.
	 */
	public const META = '_gateway_connector_consent';

	/**
	 * Marks that it was handed over: a second try to pay must not send another email.
	 */
	public const HANDED = '_gateway_connector_handed';

	/**
	 * The field of the checkout block. In its location "order", WooCommerce keeps it with the order and nowhere else, so it is not ticked
	 * the next time.
	 */
	public const BLOCK_FIELD = 'gateway-connector/newsletter';
	public const BLOCK_META  = '_wc_other/gateway-connector/newsletter';

	private Intake $intake;

	public function __construct( Intake $intake ) {
		$this->intake = $intake;
	}

	public function register(): void {
		add_action( 'before_woocommerce_init', array( $this, 'declare_compatibility' ) );
		add_action( 'woocommerce_init', array( $this, 'add_to_block' ) );
		// Below the address, and outside what WooCommerce replaces meanwhile.
		add_action( 'woocommerce_after_checkout_billing_form', array( $this, 'print' ) );
		add_action( 'woocommerce_checkout_create_order', array( $this, 'keep' ) );
		add_action( 'woocommerce_checkout_order_processed', array( $this, 'hand_over' ), 10, 3 );
		add_action( 'woocommerce_store_api_checkout_order_processed', array( $this, 'keep_and_hand_over' ) );
		add_action( 'woocommerce_admin_order_data_after_billing_address', array( $this, 'print_order' ) );
	}

	/**
	 * Declares to WooCommerce that we work with its order tables and with its block checkout.
	 */
	public function declare_compatibility(): void {
		if ( class_exists( FeaturesUtil::class ) ) {
			FeaturesUtil::declare_compatibility( 'custom_order_tables', PLUGIN_FILE, true );
			FeaturesUtil::declare_compatibility( 'cart_checkout_blocks', PLUGIN_FILE, true );
		}
	}

	public function add_to_block(): void {
		$settings = Checkout_Settings::load();
		if ( $settings->is_active() && function_exists( 'woocommerce_register_additional_checkout_field' ) ) {
			woocommerce_register_additional_checkout_field(
				array(
					'id'            => self::BLOCK_FIELD,
					'label'         => $settings->label,
					'optionalLabel' => $settings->label,
					'location'      => 'order',
					'type'          => 'checkbox',
				)
			);
		}
	}

	public function print(): void {
		$settings = Checkout_Settings::load();
		if ( $settings->is_active() ) {
			printf(
				'<p class="form-row form-row-wide gateway-connector-box">'
					. '<label class="woocommerce-form__label woocommerce-form__label-for-checkbox checkbox">'
					. '<input type="checkbox" class="woocommerce-form__input woocommerce-form__input-checkbox input-checkbox"'
					. ' name="%s" value="1" /> <span>%s</span></label>%s</p>',
				esc_attr( self::FIELD ),
				esc_html( $settings->label ),
				wp_kses_post( User_Box::policy( $settings->policy_url ) )
			);
		}
	}

	/**
	 * The classic checkout is about to store an order.
	 */
	public function keep( WC_Order $order ): void {
		$ticked = '1' === Request::text( self::FIELD ); // WooCommerce has checked the nonce.
		if ( $ticked && Checkout_Settings::load()->is_active() ) {
			$order->update_meta_data( self::META, Checkout_Settings::load()->consent() );
		} else {
			$order->delete_meta_data( self::META ); // An order that is tried again may have had it.
		}
	}

	/**
	 * An order of the classic checkout is stored.
	 *
	 * @param int      $order_id Not used.
	 * @param array    $posted   Not used.
	 * @param WC_Order $order    The order.
	 */
	public function hand_over( $order_id, $posted, WC_Order $order ): void {
		$consent = $order->get_meta( self::META );
		if ( ! is_array( $consent ) || '' !== $order->get_meta( self::HANDED ) ) {
			return;
		}
		// Whatever goes wrong here, the customer's order must work. The log says which order, and nothing about the customer.
		try {
			$stored = $this->intake->take_from_code( self::submission( $order, $consent ) );
		} catch ( Throwable $error ) {
			$stored = false;
		}
		if ( $stored ) {
			$order->update_meta_data( self::HANDED, '1' );
			$order->save_meta_data();
		} else {
			Log::note( sprintf( 'the consent given with order %d could not be handed over.', $order->get_id() ) );
		}
	}

	/**
	 * An order of the checkout block is stored; WooCommerce has kept the field with it.
	 */
	public function keep_and_hand_over( WC_Order $order ): void {
		$settings = Checkout_Settings::load();
		if ( $settings->is_active() && '1' === (string) $order->get_meta( self::BLOCK_META ) ) {
			$order->update_meta_data( self::META, $settings->consent() );
			$order->save_meta_data();
			$this->hand_over( $order->get_id(), array(), $order );
		}
	}

	/**
	 * What the customer agreed to, on the order's page.
	 */
	public function print_order( WC_Order $order ): void {
		$consent = $order->get_meta( self::META );
		if ( is_array( $consent ) ) {
			/* translators: %s: what the customer agreed to */
			$text = sprintf( __( 'agreed to “%s”', 'gateway-connector' ), $consent['text'] ?? '' );
			printf( '<p><strong>%s</strong> %s</p>', esc_html__( 'Newsletter:', 'gateway-connector' ), esc_html( $text ) );
		}
	}

	/**
	 * Removes what is kept with orders.
	 */
	public static function remove_all(): void {
		global $wpdb;
		foreach ( array( self::META, self::HANDED ) as $key ) {
			delete_post_meta_by_key( $key );
			if ( $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $wpdb->prefix . 'wc_orders_meta' ) ) ) ) {
				$wpdb->delete( $wpdb->prefix . 'wc_orders_meta', array( 'meta_key' => $key ) );
			}
		}
	}

	private static function submission( WC_Order $order, array $consent ): array {
		return array(
			'form'      => array(
				'id'    => 'woocommerce-checkout',
				'title' => __( 'Checkout', 'gateway-connector' ),
				'url'   => function_exists( 'wc_get_checkout_url' ) ? wc_get_checkout_url() : home_url( '/' ),
			),
			'fields'    => array(
				'email' => $order->get_billing_email(),
				'name'  => $order->get_formatted_billing_full_name(),
				'order' => $order->get_order_number(),
			),
			'visitor'   => array(
				'ip'        => $order->get_customer_ip_address(),
				'userAgent' => mb_substr( $order->get_customer_user_agent(), 0, 2000 ),
			),
			'subscribe' => array(
				array(
					'list'    => Checkout_Settings::load()->list,
					'email'   => 'email',
					'name'    => 'name',
					'consent' => $consent,
				),
			),
		);
	}
}
