<?php
/**
 * Connecting a site.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Connection;
use Gateway_Connector\Connection_View;
use Gateway_Connector\Data_Settings;
use Gateway_Connector\Doi_Settings;
use Gateway_Connector\First_Steps;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Lists;
use Gateway_Connector\Notices;
use Gateway_Connector\Settings;
use Gateway_Connector\Settings_Page;
use RuntimeException;
use WP_Error;

final class Connection_Test extends Plugin_Test_Case {

	/** @dataProvider addresses_that_will_do */
	public function test_a_key_names_gateway_site_and_secret( string $url, string $endpoint ): void {
		$connection = Connection::from_key( Fake_Gateway::key( $url ) );

		self::assertInstanceOf( Connection::class, $connection );
		self::assertSame( $endpoint, $connection->endpoint( 'lists' ) );
		self::assertSame( Fake_Gateway::SECRET, $connection->secret );
	}

	public function addresses_that_will_do(): array {
		return array(
			'https'               => array( 'https://gw.example', 'https://gw.example/v1/sites/site_1/lists' ),
			'below a path'        => array(
				'https://shop.example:8443/gateway/',
				'https://shop.example:8443/gateway/v1/sites/site_1/lists',
			),
			'plain on localhost'  => array( 'http://localhost:5000', 'http://localhost:5000/v1/sites/site_1/lists' ),
			'plain on 127.0.0.1'  => array( 'http://127.0.0.1:5000', 'http://127.0.0.1:5000/v1/sites/site_1/lists' ),
			'plain on IPv6\'s ::1' => array( 'http://[::1]:5000', 'http://[::1]:5000/v1/sites/site_1/lists' ),
		);
	}

	/** @dataProvider keys_that_will_not_do */
	public function test_a_key_that_will_not_do_is_refused( string $key, string $code ): void {
		$error = Connection::from_key( $key );

		self::assertInstanceOf( WP_Error::class, $error );
		self::assertSame( $code, $error->get_error_code() );
	}

	public function keys_that_will_not_do(): array {
		$encode = static fn( array $part ) => 'gwc_' . base64_encode( (string) wp_json_encode( $part ) );
		$part   = array( 'url' => 'https://gw.example', 'site' => 'site_1', 'secret' => Fake_Gateway::SECRET );
		return array(
			'nothing'             => array( '', 'key' ),
			'another prefix'      => array( 'whsec_abc', 'key' ),
			'cut off'             => array( substr( Fake_Gateway::key(), 0, 40 ), 'key' ),
			'not base64'          => array( 'gwc_<script>', 'key' ),
			'a part is missing'   => array( $encode( array( 'site' => '' ) + $part ), 'key' ),
			'a part is no text'   => array( $encode( array( 'site' => array( 'x' ) ) + $part ), 'key' ),
			'a short secret'      => array( $encode( array( 'secret' => 'whsec_' . base64_encode( 'short' ) ) + $part ), 'secret' ),
			'a secret not base64' => array( $encode( array( 'secret' => 'whsec_' . str_repeat( '!', 40 ) ) + $part ), 'secret' ),
			'plain HTTP'          => array( Fake_Gateway::key( 'http://gw.example' ), 'https' ),
			'plain, tricky host'  => array( Fake_Gateway::key( 'http://localhost.example' ), 'https' ),
			'another scheme'      => array( Fake_Gateway::key( 'ftp://gw.example' ), 'url' ),
			'a password inside'   => array( Fake_Gateway::key( 'https://user:pass@gw.example' ), 'url' ),
			'a query inside'      => array( Fake_Gateway::key( 'https://gw.example/?a=b' ), 'url' ),
		);
	}

	public function test_the_secret_does_not_show_in_a_dump(): void {
		self::assertStringNotContainsString( 'MfKQ9r8', print_r( Connection::from_key( Fake_Gateway::key() ), true ) );
	}

	public function test_connecting_checks_the_key_says_what_was_found_and_ends_a_pause(): void {
		delete_option( Settings::KEY );
		$this->settings->pause( 'The key was wrong.' );
		$this->gateway->then_lists( array( 'lst_1' => 'Newsletter', 'lst_2' => 'Offers' ) );

		$said = $this->act( 'connect', array( 'key' => ' ' . chunk_split( Fake_Gateway::key(), 60, "\n" ) ) );

		self::assertStringContainsString( 'Connected to gw.example as “Test Shop”. Lists: Newsletter, Offers.', $said );
		self::assertSame(
			array( 'GET', 'https://gw.example/v1/sites/site_1/lists?limit=1000' ),
			array( $this->gateway->requests[0]['method'], $this->gateway->requests[0]['url'] )
		);
		self::assertMatchesRegularExpression( '~^v1,[A-Za-z0-9+/]{43}=$~', $this->gateway->requests[0]['headers']['webhook-signature'] );
		self::assertSame( Fake_Gateway::key(), get_option( Settings::KEY ) );
		self::assertSame( '', $this->settings->pause_reason() );
	}

	/** @dataProvider failures */
	public function test_a_failure_is_explained_and_the_working_key_stays( $status, string $says, array $problem = array() ): void {
		$this->gateway->then( $status, $problem );
		if ( 'clock_skew' === ( $problem['code'] ?? '' ) ) {
			$this->gateway->then( $status, $problem );
		}

		$said = $this->act( 'connect', array( 'key' => Fake_Gateway::key( 'https://other.example' ) ) );

		self::assertStringContainsString( 'notice-error', $said );
		self::assertStringContainsString( $says, $said );
		self::assertSame( Fake_Gateway::key(), get_option( Settings::KEY ) );
	}

	public function failures(): array {
		$network = static fn( string $message ) => new WP_Error( 'http_request_failed', $message );
		return array(
			'DNS'             => array(
				$network( 'cURL error 6: Could not resolve host: other.example' ),
				'other.example was not found in the DNS',
			),
			'DNS, streams'    => array(
				$network( 'php_network_getaddresses: getaddrinfo for other.example failed: Name or service not known' ),
				'not found in the DNS',
			),
			'refused'         => array(
				$network( 'cURL error 7: Failed to connect to other.example port 443 after 3 ms: Couldn\'t connect to server' ),
				'refused the connection',
			),
			'certificate'     => array(
				$network( 'cURL error 60: SSL certificate problem: unable to get local issuer certificate' ),
				'The certificate of other.example is not valid',
			),
			'time'            => array(
				$network( 'cURL error 28: Operation timed out after 10001 milliseconds with 0 bytes received' ),
				'did not answer in time',
			),
			'something else'  => array(
				$network( 'cURL error 56: Recv failure' ),
				'other.example could not be reached: cURL error 56: Recv failure',
			),
			'wrong key'       => array( 401, 'does not accept this connection key' ),
			'forbidden'       => array( 403, 'refuses access' ),
			'no gateway'      => array( 404, 'other.example does not know this site' ),
			'clock'           => array( 401, 'clock', array( 'code' => 'clock_skew', 'serverTime' => '2030-01-01T00:00:00Z' ) ),
			'WordPress says no' => array(
				$network( 'User has blocked requests through HTTP.' ),
				'Add other.example to WP_ACCESSIBLE_HOSTS',
			),
			'another server'  => array( 200, 'other.example answered, but it is not a gateway', array( 'hello' => 'world' ) ),
			'broken'          => array( 500, 'answered with status 500. It &lt;hurts&gt;.', array( 'detail' => 'It <hurts>.' ) ),
			'a sign-in page'  => array( 302, 'answered with status 302' ),
		);
	}

	public function test_a_key_that_makes_no_sense_asks_nobody(): void {
		$said = $this->act( 'connect', array( 'key' => 'hello' ) );

		self::assertStringContainsString( 'not a complete connection key', $said );
		self::assertSame( array(), $this->gateway->requests );
	}

	public function test_a_check_that_succeeds_ends_a_pause_and_one_that_fails_does_not(): void {
		$this->settings->pause( 'The gateway does not know this site.' );
		$this->gateway->then( 404 );
		$this->gateway->then_lists();

		$this->act( 'check', array() );
		self::assertNotSame( '', $this->settings->pause_reason() );
		$this->act( 'check', array() );
		self::assertSame( '', $this->settings->pause_reason() );
	}

	public function test_the_page_never_prints_the_key_or_the_secret(): void {
		$this->gateway->then_lists();
		$this->act( 'check', array() );

		$page = $this->printed();

		self::assertStringContainsString( 'https://gw.example', $page );
		self::assertStringContainsString( 'Newsletter', $page );
		self::assertStringNotContainsString( 'MfKQ9r8', $page );
		self::assertStringNotContainsString( substr( Fake_Gateway::key(), 4, 20 ), $page );
	}

	/** @dataProvider clocks */
	public function test_the_page_says_what_the_check_found( int $ahead, string $says ): void {
		$this->gateway->then_lists(
			array( 'lst_1' => 'Newsletter', 'lst_2' => 'Offers' ),
			array( 'date' => gmdate( 'D, d M Y H:i:s', time() + $ahead ) . ' GMT' )
		);
		$this->act( 'check', array() );

		$page = $this->printed();

		self::assertStringContainsString( '<h2>Connected</h2>', $page );
		foreach ( array(
			'Gateway' => 'https://gw.example',
			'Encryption' => 'TLS.',
			'Site' => 'Test Shop',
			'Lists' => 'Newsletter, Offers',
			'Clocks' => $says,
		) as $name => $fact ) {
			self::assertStringContainsString( "<th scope=\"row\">{$name}</th><td>{$fact}", $page );
		}
		self::assertMatchesRegularExpression( '~<th scope="row">Checked</th><td>\d+ seconds? ago~', $page );
	}

	public function clocks(): array {
		return array(
			'equal'  => array( 0, 'This server and the gateway agree.' ),
			'behind' => array( 300, 'This server is 5 minutes behind the gateway.' ),
			'ahead'  => array( -3600, 'This server is 1 hour ahead of the gateway.' ),
		);
	}

	public function test_a_gateway_on_the_same_machine_needs_no_encryption_and_the_page_says_so(): void {
		$this->settings->save_key( Fake_Gateway::key( 'http://127.0.0.1:5000' ) );
		$this->gateway->then_lists();

		self::assertStringContainsString( 'Not encrypted (same server)', $this->printed() );
	}

	public function test_opening_the_page_checks_by_itself_and_explains_a_failure_there(): void {
		$this->gateway->then( 503 );

		$page = $this->printed();

		self::assertStringContainsString( 'gw.example answered with status 503.', $page );
		self::assertStringContainsString( 'Connection, not answering', $page );
	}

	public function test_disconnecting_asks_first_and_keeps_what_waits_until_the_site_is_connected_again(): void {
		$this->spool_submission();
		$_GET['disconnect'] = '1';
		$question           = $this->printed();
		unset( $_GET['disconnect'] );
		self::assertStringContainsString( 'Disconnect this site?', $question );
		self::assertStringContainsString( '1 entry is waiting.', $question );
		self::assertStringNotContainsString( 'type="password"', $question );

		self::assertStringContainsString( 'Submissions wait here until you connect again.', $this->act( 'disconnect', array() ) );
		self::assertFalse( get_option( Settings::KEY ) );
		self::assertStringContainsString( 'Connect this site', $this->printed() );
		$this->send();
		self::assertSame( 'waiting', $this->row()->state );

		$this->gateway->then_lists();
		$this->act( 'connect', array( 'key' => Fake_Gateway::key() ) );
		$this->gateway->then_items( 202 );
		$this->send();
		self::assertSame( 'delivered', $this->row()->state );
	}

	public function test_what_was_found_elsewhere_is_forgotten_when_the_site_is_disconnected(): void {
		$this->gateway->then_lists();
		$this->act( 'check', array() );
		$this->settings->set_clock_offset( 300 );

		$this->act( 'disconnect', array() );

		self::assertNull( ( new Lists( new Gateway_Client( $this->settings ) ) )->names() );
		self::assertSame( 0, $this->settings->clock_offset() );
	}

	/** @group processes */
	public function test_a_network_keeps_a_connection_for_its_sites_and_a_site_may_have_its_own(): void {
		$said = Network::run( 'create', 'connect' );

		self::assertSame(
			array(
				'a network without a key'        => array( 'example.org' => null, 'example.org/second/' => null ),
				'the network has one'            => array(
					'example.org' => 'https://network.example',
					'example.org/second/' => 'https://network.example',
				),
				'the second site has its own'    => array(
					'example.org' => 'https://network.example',
					'example.org/second/' => 'https://own.example',
				),
				'the second site gave it back'   => array(
					'example.org' => 'https://network.example',
					'example.org/second/' => 'https://network.example',
				),
				'a key that does not work'       => 'The gateway does not accept this connection key.',
				'the network is disconnected'    => array( 'example.org' => null, 'example.org/second/' => null ),
				'who does not manage the network' => 'wp_die',
				'the key on the pages'           => 0,
				'a constant wins'                => array(
					'example.org' => 'https://constant.example',
					'example.org/second/' => 'https://constant.example',
				),
			),
			$said
		);
	}

	/** @group processes */
	public function test_a_key_in_wp_config_wins_and_the_page_offers_no_field(): void {
		// A constant cannot be taken back, so this is for another process.
		$code = sprintf(
			'define( "GATEWAY_CONNECTOR_KEY", "%s" ); require "%s/load-wordpress.php"; wp_set_current_user( 1 );'
				. 'do_action( "admin_menu" ); do_action( "toplevel_page_gateway-connector" );',
			Fake_Gateway::key( 'https://constant.example' ),
			__DIR__
		);
		$process = proc_open( array( PHP_BINARY, '-r', $code ), array( 1 => array( 'pipe', 'w' ) ), $pipes );
		$page    = stream_get_contents( $pipes[1] );

		self::assertSame( 0, proc_close( $process ) );
		self::assertStringContainsString( 'https://constant.example', $page );
		self::assertStringContainsString( 'wp-config.php', $page );
		self::assertStringNotContainsString( 'type="password"', $page );
	}

	/** @dataProvider actions */
	public function test_only_administrators_with_a_fresh_form_may_act( string $action, int $user, string $nonce ): void {
		wp_set_current_user( $user );

		$this->expectException( RuntimeException::class );
		$this->expectExceptionMessage( 'wp_die' );
		$this->act( $action, array( 'key' => Fake_Gateway::key() ), $nonce );
	}

	public function actions(): array {
		return array(
			'connecting, a guest'   => array( 'connect', 0, '' ),
			'connecting, no nonce'  => array( 'connect', 1, 'stale' ),
			'disconnecting, a guest'  => array( 'disconnect', 0, '' ),
			'disconnecting, no nonce' => array( 'disconnect', 1, 'stale' ),
			'checking, a guest'     => array( 'check', 0, '' ),
			'checking, stale nonce' => array( 'check', 1, 'stale' ),
		);
	}

	public function test_the_lists_stay_known_while_the_gateway_does_not_answer(): void {
		$lists      = new Lists( new Gateway_Client( $this->settings ) );
		$connection = $this->settings->connection();
		$this->gateway->then_lists();
		$this->gateway->then( 503 );

		$lists->refresh( $connection );
		$lists->refresh( $connection );

		self::assertSame( array( 'lst_1' => 'Newsletter' ), $lists->names() );
	}

	public function test_the_editor_waits_at_most_once_a_minute_for_a_gateway_that_is_down(): void {
		$lists = new Lists( new Gateway_Client( $this->settings ) );
		$this->gateway->then( 503 );

		$lists->ensure( $this->settings->connection() );
		$lists->ensure( $this->settings->connection() );

		self::assertCount( 1, $this->gateway->requests );
		self::assertNull( $lists->names() );
	}

	/**
	 * Does what a button of the page does, and returns the notice that follows.
	 */
	private function act( string $action, array $post, ?string $nonce = null ): string {
		$_POST    = wp_slash( $post );
		$_REQUEST = array( '_wpnonce' => $nonce ?? wp_create_nonce( 'gateway_connector_' . $action ) );
		$this->end_requests_by_exceptions();
		try {
			$this->page()->$action();
		} catch ( RuntimeException $end ) {
			if ( 'redirected' !== $end->getMessage() ) {
				throw $end;
			}
		}
		return self::output( array( new Notices( $this->settings ), 'print' ) );
	}

	private function printed(): string {
		return self::output( array( $this->page(), 'print' ) );
	}

	private function page(): Settings_Page {
		$notices = new Notices( $this->settings );
		$lists   = new Lists( new Gateway_Client( $this->settings ) );
		$cards   = array( new Doi_Settings( $this->settings, $notices ), new Data_Settings( $this->settings, $notices ) );
		return new Settings_Page(
			$this->settings,
			$lists,
			$notices,
			new Connection_View( $this->settings, $lists, $this->records ),
			new First_Steps( $this->settings, $lists, $this->records ),
			$cards
		);
	}
}
