<?php
/**
 * The first steps of a site's owner.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Key_Form;
use Gateway_Connector\Plugins_Page;
use Gateway_Connector\Settings_Page;
use RuntimeException;

final class Plugins_Page_Test extends Plugin_Test_Case {

	public function test_after_activation_the_owner_is_led_to_the_connection_until_there_is_one(): void {
		set_current_screen( 'plugins' );
		self::assertSame( '', self::output( array( $this->page(), 'print' ) ), 'it is connected' );

		$this->settings->forget_key();

		self::assertStringContainsString( esc_url( Settings_Page::url() ), self::output( array( $this->page(), 'print' ) ) );
		set_current_screen( 'edit-post' );
		self::assertSame( '', self::output( array( $this->page(), 'print' ) ), 'nobody is nagged on other pages' );
		set_current_screen( 'plugins' );
		wp_set_current_user( 0 );
		self::assertSame( '', self::output( array( $this->page(), 'print' ) ) );
	}

	public function test_the_list_of_plugins_links_to_the_settings(): void {
		$links = apply_filters( 'plugin_action_links_' . plugin_basename( \Gateway_Connector\PLUGIN_FILE ), array( 'deactivate' => '…' ) );
		$links = isset( $links['settings'] ) ? $links : $this->page()->add_link( $links );

		self::assertStringContainsString( esc_url( Settings_Page::url() ), $links['settings'] );
		self::assertArrayHasKey( 'deactivate', $links );
	}

	public function test_the_field_for_the_key_says_who_gives_it_and_asks_nobody_for_commands(): void {
		$form = self::output( static fn() => Key_Form::print( admin_url( 'admin-post.php' ), 'x' ) );

		self::assertStringContainsString( 'The person who runs your gateway gives it to you', $form );
		self::assertStringNotContainsString( '<code>', $form );
	}

	/** @dataProvider activations */
	public function test_activating_leads_to_the_connection_once(
		bool $leads,
		bool $for_network,
		array $query,
		bool $is_connected,
		string $method = 'GET'
	): void {
		// The plugin of this site may have been activated a moment ago.
		$mark = 'gateway_connector_activated_' . get_current_user_id();
		delete_transient( $mark );
		if ( ! $is_connected ) {
			$this->settings->forget_key();
		}
		$this->end_requests_by_exceptions();
		Plugins_Page::mark_activation( $for_network );
		$_GET                      = $query;
		$_SERVER['REQUEST_METHOD'] = $method;
		$led                       = array();
		foreach ( array( 'first', 'second' ) as $page ) {
			try {
				$this->page()->lead_on();
			} catch ( RuntimeException $end ) {
				$led[] = $page . ' ' . $end->getMessage();
			}
		}
		$_GET                      = array();
		$_SERVER['REQUEST_METHOD'] = 'GET';
		delete_transient( $mark );

		self::assertSame( $leads ? array( 'first redirected' ) : array(), $led );
	}

	public function activations(): array {
		return array(
			'one plugin'       => array( true, false, array(), false ),
			'for a network'    => array( false, true, array(), false ),
			'several plugins'  => array( false, false, array( 'activate-multi' => 'true' ), false ),
			'is connected'     => array( false, false, array(), true ),
			'a form is sent'   => array( false, false, array(), false, 'POST' ),
		);
	}

	private function page(): Plugins_Page {
		return new Plugins_Page( $this->settings, false );
	}
}
