<?php
/**
 * The box at WooCommerce's checkout.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Checkout_Box;
use Gateway_Connector\Checkout_Panel;
use Gateway_Connector\Checkout_Settings;
use Gateway_Connector\Notices;
use WC_Order;

final class Checkout_Box_Test extends Plugin_Test_Case {

	private const SETTINGS = array(
		'enabled'        => true,
		'list'           => 'lst_1',
		'label'          => 'Yes, send me offers.',
		'policy_url'     => 'https://shop.example/privacy',
		'policy_version' => '2026-05',
	);

	private array $orders = array();

	protected function setUp(): void {
		parent::setUp();
		require_once __DIR__ . '/woocommerce.php';
		Checkout_Settings::from_input( self::SETTINGS )->save();
	}

	protected function tearDown(): void {
		foreach ( $this->orders as $order ) {
			wp_delete_post( $order->get_id(), true );
		}
		parent::tearDown();
	}

	public function test_the_box_is_never_ticked_in_advance_and_links_the_policy(): void {
		$_POST = array( Checkout_Box::FIELD => '1' );

		$box = self::output( static fn() => do_action( 'woocommerce_after_checkout_billing_form' ) );

		self::assertMatchesRegularExpression(
			'~<input type="checkbox"[^>]* name="gateway_connector_checkout" value="1" /> <span>Yes, send me offers\.</span>~',
			$box
		);
		self::assertStringContainsString( 'href="https://shop.example/privacy"', $box );
	}

	public function test_a_ticked_box_is_kept_with_the_order_and_handed_over_without_a_remote_call(): void {
		$order = $this->classic( array( Checkout_Box::FIELD => '1' ) );

		self::assertSame( array(), $this->gateway->requests );
		$submission = $this->row()->submission;
		self::assertSame(
			array( 'email' => 'ann@example.org', 'name' => "Ann O'Brien", 'order' => (string) $order->get_id() ),
			$submission['fields']
		);
		self::assertSame( '203.0.113.7', $submission['visitor']['ip'] );
		self::assertSame( 'woocommerce-checkout', $submission['form']['id'] );
		list( $subscription ) = $submission['subscribe'];
		self::assertSame(
			array( 'lst_1', 'email', 'name' ),
			array( $subscription['list'], $subscription['email'], $subscription['name'] )
		);
		self::assertSame(
			array(
				'given' => true,
				'text' => 'Yes, send me offers.',
				'policyUrl' => 'https://shop.example/privacy',
				'policyVersion' => '2026-05',
			),
			$subscription['consent']
		);
		self::assertSame( 'Yes, send me offers.', $order->get_meta( Checkout_Box::META )['text'] );
		self::assertStringContainsString(
			'agreed to “Yes, send me offers.”',
			self::output( static fn() => do_action( 'woocommerce_admin_order_data_after_billing_address', $order ) )
		);
	}

	public function test_without_the_tick_the_order_is_an_order_and_nothing_else(): void {
		$order = $this->classic( array() );

		self::assertSame( array(), $this->rows() );
		self::assertSame( '', $order->get_meta( Checkout_Box::META ) );
		self::assertSame( '', self::output( static fn() => do_action( 'woocommerce_admin_order_data_after_billing_address', $order ) ) );
	}

	public function test_a_payment_that_is_tried_again_asks_for_no_second_email(): void {
		$order = $this->classic( array( Checkout_Box::FIELD => '1' ) );
		$this->classic( array( Checkout_Box::FIELD => '1' ), $order );

		self::assertCount( 1, $this->rows() );
	}

	public function test_the_checkout_block_gets_a_field_of_the_order_that_starts_unticked_each_time(): void {
		do_action( 'woocommerce_init' );

		$field = $GLOBALS['woocommerce_checkout_fields'][ Checkout_Box::BLOCK_FIELD ];
		self::assertSame(
			array( 'order', 'checkbox', 'Yes, send me offers.', 'Yes, send me offers.' ),
			array( $field['location'], $field['type'], $field['label'], $field['optionalLabel'] )
		);
		self::assertArrayNotHasKey( 'required', $field );
	}

	public function test_a_box_ticked_in_the_checkout_block_is_handed_over_too(): void {
		$this->block( false );
		self::assertSame( array(), $this->rows() );

		$order = $this->block( true );

		self::assertSame( 'Yes, send me offers.', $this->row()->submission['subscribe'][0]['consent']['text'] );
		self::assertSame( 'Yes, send me offers.', $order->get_meta( Checkout_Box::META )['text'] );
	}

	/** @dataProvider inactive */
	public function test_the_checkout_is_as_it_was_until_everything_is_chosen( array $change ): void {
		$GLOBALS['woocommerce_checkout_fields'] = array();
		Checkout_Settings::from_input( $change + self::SETTINGS )->save();

		do_action( 'woocommerce_init' );
		$this->classic( array( Checkout_Box::FIELD => '1' ) );
		$this->block( true );

		self::assertSame( array(), $GLOBALS['woocommerce_checkout_fields'] );
		self::assertSame( '', self::output( static fn() => do_action( 'woocommerce_after_checkout_billing_form' ) ) );
		self::assertSame( array(), $this->rows() );
	}

	public function inactive(): array {
		return array(
			'off'      => array( array( 'enabled' => false ) ),
			'no list'  => array( array( 'list' => '' ) ),
			'no words' => array( array( 'label' => '' ) ),
		);
	}

	public function test_an_order_works_although_nothing_can_be_stored(): void {
		$log = (string) ini_set( 'error_log', (string) tempnam( sys_get_temp_dir(), 'log' ) );
		$this->refuse_storage();

		$order = $this->classic( array( Checkout_Box::FIELD => '1' ) );

		$said = (string) file_get_contents( (string) ini_get( 'error_log' ) );
		unlink( (string) ini_set( 'error_log', $log ) );
		self::assertGreaterThan( 0, $order->get_id() );
		self::assertStringContainsString( "given with order {$order->get_id()}", $said );
		self::assertStringNotContainsString( 'ann@example.org', $said );
		self::assertSame( '', $order->get_meta( Checkout_Box::HANDED ), 'the next try hands it over' );
	}

	public function test_the_page_shows_the_choices_only_in_a_shop(): void {
		$panel = new Checkout_Panel( new Notices( $this->settings ) );
		self::assertSame( '', self::output( static fn() => $panel->print( array() ) ) );

		require_once __DIR__ . '/class-woocommerce.php';

		self::assertStringContainsString(
			'Yes, send me offers.',
			self::output( static fn() => $panel->print( array( 'lst_1' => 'Newsletter' ) ) )
		);
	}

	public function test_uninstalling_removes_what_is_kept_with_orders(): void {
		$order = $this->classic( array( Checkout_Box::FIELD => '1' ) );

		\Gateway_Connector\Installation::remove();

		self::assertFalse( metadata_exists( 'post', $order->get_id(), Checkout_Box::META ) );
		self::assertFalse( metadata_exists( 'post', $order->get_id(), Checkout_Box::HANDED ) );
	}

	private function classic( array $posted, ?WC_Order $order = null ): WC_Order {
		$order                             = woocommerce_classic_checkout( $posted, $order );
		$this->orders[ $order->get_id() ] = $order;
		return $order;
	}

	private function block( bool $ticked ): WC_Order {
		$order                             = woocommerce_block_checkout( array( Checkout_Box::BLOCK_FIELD => $ticked ) );
		$this->orders[ $order->get_id() ] = $order;
		return $order;
	}
}
