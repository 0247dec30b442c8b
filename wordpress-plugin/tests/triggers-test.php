<?php
/**
 * What starts a delivery besides WordPress' own events.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Admin_Fallback;
use Gateway_Connector\Command;
use Gateway_Connector\Health;
use Gateway_Connector\Settings;
use RuntimeException;
use WP_CLI;

final class Triggers_Test extends Plugin_Test_Case {

	public function test_an_admins_browser_is_asked_only_when_nothing_else_has_sent(): void {
		$this->spool_submission();
		$this->age( 4 * MINUTE_IN_SECONDS );
		self::assertSame( '', $this->footer() );

		$this->age( 6 * MINUTE_IN_SECONDS );
		self::assertMatchesRegularExpression(
			'~<script[^>]*>\s*fetch\( "[^"]*admin-ajax\.php\?action=gateway_connector_deliver~',
			str_replace( '\/', '/', $this->footer() )
		);
	}

	/** @dataProvider reasons_to_wait */
	public function test_an_admins_browser_is_not_asked_when_there_is_a_reason_to_wait( callable $reason ): void {
		$this->spool_submission();
		$this->age( 6 * MINUTE_IN_SECONDS );
		$reason( $this->settings );

		self::assertSame( '', $this->footer() );
	}

	public function reasons_to_wait(): array {
		return array(
			'paused'        => array( static fn( Settings $settings ) => $settings->pause( 'x' ) ),
			'on hold'       => array( static fn( Settings $settings ) => $settings->hold( 60 ) ),
			'hold ended'    => array( static fn( Settings $settings ) => $settings->hold( -60 ) ),
			'not connected' => array( static fn() => delete_option( Settings::KEY ) ),
		);
	}

	public function test_an_admins_browser_starts_a_run(): void {
		$this->spool_submission();
		$this->gateway->then_items( 202 );

		$this->ask( Admin_Fallback::ACTION );

		self::assertSame( 'delivered', $this->row()->state );
	}

	public function test_nobody_starts_a_run_without_having_been_asked(): void {
		$this->spool_submission();

		$this->ask( 'something else' );

		self::assertSame( array(), $this->gateway->requests );
	}

	public function test_the_command_exists_only_in_wp_cli_and_sends(): void {
		require_once __DIR__ . '/class-wp-cli.php';
		$this->command()->register();
		self::assertSame( array(), WP_CLI::$commands );
		define( 'WP_CLI', true );
		$this->command()->register();
		$this->spool_submission();
		$this->spool_submission();
		$this->gateway->then(
			200,
			static fn( array $request ) => array(
				'results' => array(
					array( 'key' => $request['items'][0]['key'], 'status' => 202, 'id' => 'sub_1' ),
					array( 'key' => $request['items'][1]['key'], 'status' => 422 ),
				),
			)
		);

		WP_CLI::$commands['gateway-connector deliver']();

		self::assertSame( array( 'Success: 1 received by the gateway, 0 waiting, 1 rejected.' ), WP_CLI::said() );
	}

	public function test_the_command_fails_when_it_cannot_send(): void {
		require_once __DIR__ . '/class-wp-cli.php';
		$this->settings->pause( 'The key is wrong.' );
		$this->run_command();
		delete_option( Settings::KEY );
		$this->run_command();

		self::assertSame(
			array( 'Error: Sending is paused: The key is wrong.', 'Error: This site is not connected to a gateway yet.' ),
			WP_CLI::said()
		);
	}

	private function run_command(): void {
		try {
			$this->command()->deliver();
			self::fail( 'The command says nothing is wrong.' );
		} catch ( RuntimeException $end ) {
			self::assertSame( 'exit 1', $end->getMessage() );
		}
	}

	private function command(): Command {
		return new Command( $this->settings, $this->records, $this->delivery() );
	}

	private function footer(): string {
		return self::output( array( $this->fallback(), 'print' ) );
	}

	/**
	 * What the browser asks, with the nonce for a purpose.
	 */
	private function ask( string $purpose ): void {
		$_REQUEST = array( '_ajax_nonce' => wp_create_nonce( $purpose ) );
		$this->filter( 'wp_doing_ajax', '__return_true' );
		$this->end_requests_by_exceptions();
		try {
			$this->fallback()->deliver();
		} catch ( RuntimeException $end ) {
			self::assertSame( 'wp_die', $end->getMessage() );
		}
	}

	private function fallback(): Admin_Fallback {
		return new Admin_Fallback( new Health( $this->settings, $this->records ), $this->delivery() );
	}
}
