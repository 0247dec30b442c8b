<?php
/**
 * Connecting a site by one press.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Connect_Flow;
use Gateway_Connector\First_Form;
use Gateway_Connector\First_Steps;
use Gateway_Connector\Form_Settings;
use Gateway_Connector\Gateway_Address;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Lists;
use Gateway_Connector\Notices;
use Gateway_Connector\Pending_Connection;
use Gateway_Connector\Settings;
use Gateway_Connector\Settings_Page;
use RuntimeException;
use WPCF7_ContactForm;

final class Connect_Flow_Test extends Plugin_Test_Case {

	private string $led_to = '';

	protected function setUp(): void {
		parent::setUp();
		$this->settings->forget_key();
		wp_set_current_user( 1 );
		delete_transient( Pending_Connection::TRANSIENT . '1' );
		$_GET = array();
	}

	protected function tearDown(): void {
		$_GET = array();
		parent::tearDown();
	}

	/** @dataProvider addresses */
	public function test_what_people_type_becomes_the_gateways_address( string $typed, string $address ): void {
		self::assertSame( $address, Gateway_Address::from_typed( $typed ) );
	}

	public function addresses(): array {
		return array(
			'whole'       => array( 'https://gw.example', 'https://gw.example' ),
			'a name'      => array( ' GW.example ', 'https://gw.example' ),
			'a page'      => array( 'https://gw.example/admin?x#y', 'https://gw.example' ),
			'usual port'  => array( 'https://gw.example:443/', 'https://gw.example' ),
			'other port'  => array( 'gw.example:8443', 'https://gw.example:8443' ),
			'this server' => array( 'http://127.0.0.1:5000', 'http://127.0.0.1:5000' ),
			'IPv6'        => array( 'http://[::1]:5000', 'http://[::1]:5000' ),
		);
	}

	/** @dataProvider unusable */
	public function test_what_is_no_safe_address_is_refused_and_nobody_is_asked( string $typed ): void {
		self::assertStringContainsString( 'notice-error', $this->ask( $typed ) );
		self::assertSame( array(), $this->gateway->requests );
		self::assertSame( Settings_Page::url(), $this->led_to );
	}

	public function unusable(): array {
		return array(
			'nothing'       => array( '' ),
			'plain HTTP'    => array( 'http://gw.example' ),
			'tricky host'   => array( 'http://localhost.example' ),
			'a password'    => array( 'https://a:b@gw.example' ),
			'no web'        => array( 'ftp://gw.example' ),
			'a script'      => array( 'javascript:alert(1)' ),
			'a backslash'   => array( 'https://gw.example\\@evil.example' ),
		);
	}

	public function test_the_way_there_and_back_connects(): void {
		$query = $this->begin();

		self::assertSame( 'code', $query['response_type'] );
		self::assertSame( 'S256', $query['code_challenge_method'] );
		self::assertSame( Settings_Page::url(), $query['redirect_uri'] );
		self::assertMatchesRegularExpression( '/^[\w-]{43}$/', $query['code_challenge'] );

		$this->gateway->then( 200, fn() => array( 'connection_key' => Fake_Gateway::key(), 'site' => 'site_1' ) );
		$this->gateway->then_lists();
		$said = $this->come_back( array( 'code' => 'c0de', 'state' => $query['state'], 'iss' => Fake_Gateway::URL ) );

		self::assertStringContainsString( 'Connected to gw.example as “Test Shop”.', $said );
		self::assertSame( Fake_Gateway::key(), get_option( Settings::KEY ) );
		self::assertSame( Settings_Page::url(), $this->led_to, 'the code does not stay in the address' );
		$sent = $this->gateway->requests[1];
		self::assertSame( array( 'https://gw.example/oauth/connection', 0 ), array( $sent['url'], $sent['redirection'] ) );
		parse_str( $sent['body'], $form );
		self::assertSame( 'c0de', $form['code'] );
		self::assertSame( Settings_Page::url(), $form['redirect_uri'] );
		$hash = rtrim( strtr( base64_encode( hash( 'sha256', $form['code_verifier'], true ) ), '+/', '-_' ), '=' );
		self::assertSame( $query['code_challenge'], $hash );

		$again = $this->come_back( array( 'code' => 'c0de', 'state' => $query['state'], 'iss' => Fake_Gateway::URL ) );
		self::assertStringContainsString( 'Nothing was connected', $again );
		self::assertCount( 3, $this->gateway->requests, 'an answer is taken once' );
	}

	public function test_the_lists_of_the_site_that_was_connected_before_are_forgotten(): void {
		$this->settings->save_key( Fake_Gateway::key() );
		$this->gateway->then_lists();
		$lists = new Lists( new Gateway_Client( $this->settings ) );
		$lists->refresh( $this->settings->connection() );
		self::assertNotNull( $lists->names() );
		$query = $this->begin();

		$this->gateway->then( 200, fn() => array( 'connection_key' => Fake_Gateway::key(), 'site' => 'site_2' ) );
		$this->gateway->then( 503, array() );
		$this->come_back( array( 'code' => 'c0de', 'state' => $query['state'], 'iss' => Fake_Gateway::URL ) );

		self::assertNull( $lists->names() );
	}

	/** @dataProvider strangers */
	public function test_an_answer_that_nobody_here_asked_for_asks_nobody( array $change, int $user = 1 ): void {
		$query = $this->begin();
		wp_set_current_user( $user );

		$said = $this->come_back( $change + array( 'code' => 'c0de', 'state' => $query['state'], 'iss' => Fake_Gateway::URL ) );

		self::assertCount( 1, $this->gateway->requests );
		self::assertFalse( get_option( Settings::KEY ) );
		self::assertStringContainsString( 1 === $user ? 'Nothing was connected' : '', $said );
	}

	public function strangers(): array {
		return array(
			'another state'          => array( array( 'state' => 'guessed' ) ),
			'another gateway answers' => array( array( 'iss' => 'https://evil.example' ) ),
			'no gateway is named'    => array( array( 'iss' => '' ) ),
			'a guest'                => array( array(), 0 ),
		);
	}

	public function test_a_wrong_state_leaves_the_connection_that_was_begun(): void {
		$query = $this->begin();
		$this->come_back( array( 'code' => 'evil', 'state' => 'guessed', 'iss' => Fake_Gateway::URL ) );

		$this->gateway->then( 200, fn() => array( 'connection_key' => Fake_Gateway::key() ) );
		$this->gateway->then_lists();
		$said = $this->come_back( array( 'code' => 'c0de', 'state' => $query['state'], 'iss' => Fake_Gateway::URL ) );

		self::assertStringContainsString( 'Connected to gw.example', $said );
	}

	public function test_who_cancels_is_told_so_and_nothing_is_fetched(): void {
		$query = $this->begin();

		$said = $this->come_back( array( 'error' => 'access_denied', 'state' => $query['state'], 'iss' => Fake_Gateway::URL ) );

		self::assertStringContainsString( 'you cancelled it', $said );
		self::assertCount( 1, $this->gateway->requests );
	}

	/** @dataProvider bad_keys */
	public function test_a_key_that_does_not_fit_is_not_kept( int $status, array $json, string $says ): void {
		$query = $this->begin();
		$this->gateway->then( $status, fn() => $json );

		$said = $this->come_back( array( 'code' => 'c0de', 'state' => $query['state'], 'iss' => Fake_Gateway::URL ) );

		self::assertStringContainsString( $says, $said );
		self::assertFalse( get_option( Settings::KEY ) );
	}

	public function bad_keys(): array {
		return array(
			'refused'         => array( 400, array( 'detail' => 'It was used.' ), 'did not take the answer back' ),
			'another gateway' => array( 200, array( 'connection_key' => Fake_Gateway::key( 'https://other.example' ) ), 'another address' ),
			'no key'          => array( 200, array( 'connection_key' => array( 'x' ) ), 'not a gateway' ),
			'broken'          => array( 503, array(), 'status 503' ),
		);
	}

	public function test_a_server_that_is_no_gateway_is_not_visited(): void {
		$this->gateway->then( 200, array( 'hello' => 'world' ) );

		$said = $this->ask( 'gw.example' );

		self::assertStringContainsString( 'gw.example answered, but it is not a gateway', $said );
		self::assertSame( Settings_Page::url(), $this->led_to );
	}

	public function test_the_box_is_put_into_the_first_form_by_one_press(): void {
		$this->settings->save_key( Fake_Gateway::key() );
		$this->gateway->then_lists();
		$lists = new Lists( new Gateway_Client( $this->settings ) );
		$lists->refresh( $this->settings->connection() );
		$form = WPCF7_ContactForm::get_template( array( 'title' => 'First' ) );
		$form->set_properties( array( 'form' => "[text* your-name]\n[email* your-email]\n[submit \"Send\"]" ) );
		$form->save();
		self::assertStringContainsString( 'First', self::output( array( $this->steps( $lists ), 'print' ) ) );

		$said = $this->act(
			First_Form::ADD,
			array( 'form' => (string) $form->id(), 'list' => 'lst_1' ),
			array( new First_Form( $lists, new Notices( $this->settings ) ), 'add' )
		);

		self::assertStringContainsString( 'The box is in the form “First” now.', $said );
		$saved = WPCF7_ContactForm::get_instance( $form->id() );
		$in_order = '/email\* your-email\]\s+\[newsletter newsletter-1.+\]\s+\[submit/s';
		self::assertMatchesRegularExpression( $in_order, $saved->prop( 'form' ) );
		$one = Form_Settings::of( $saved )->subscriptions[0];
		self::assertSame(
			array( true, 'lst_1', 'your-email', 'your-name', 'newsletter-1' ),
			array( Form_Settings::of( $saved )->enabled, $one->list, $one->email, $one->name, $one->consent )
		);
		self::assertStringContainsString( 'tick the box and send it', self::output( array( $this->steps( $lists ), 'print' ) ) );

		$again = $this->act(
			First_Form::ADD,
			array( 'form' => (string) $form->id(), 'list' => 'lst_1' ),
			array( new First_Form( $lists, new Notices( $this->settings ) ), 'add' )
		);
		self::assertStringContainsString( 'Nothing was changed', $again );
		$saved->delete();
	}

	/**
	 * Presses Connect and gives what the gateway is asked by the browser.
	 *
	 * @return array<string,string>
	 */
	private function begin(): array {
		$this->gateway->then( 200, array( 'status' => 'live' ) );
		$this->ask( 'https://gw.example/' );
		self::assertStringStartsWith( 'https://gw.example/connect?', $this->led_to );
		parse_str( (string) wp_parse_url( $this->led_to, PHP_URL_QUERY ), $query );
		return $query;
	}

	private function ask( string $typed ): string {
		return $this->act( Connect_Flow::ASK, array( 'address' => $typed ), array( $this->flow(), 'ask' ) );
	}

	private function come_back( array $query ): string {
		$_GET = $query;
		$said = $this->act( '', array(), array( $this->flow(), 'take' ) );
		$_GET = array();
		return $said;
	}

	private function act( string $action, array $post, callable $act ): string {
		$_POST    = wp_slash( $post );
		$_REQUEST = array( '_wpnonce' => wp_create_nonce( $action ) );
		$this->end_requests_by_exceptions();
		$note = function ( string $url ): string {
			$this->led_to = $url;
			return $url;
		};
		add_filter( 'wp_redirect', $note, 1 );
		try {
			$act();
		} catch ( RuntimeException $end ) {
			if ( 'redirected' !== $end->getMessage() ) {
				throw $end;
			}
		} finally {
			remove_filter( 'wp_redirect', $note, 1 );
		}
		return self::output( array( new Notices( $this->settings ), 'print' ) );
	}

	private function steps( Lists $lists ): First_Steps {
		return new First_Steps( $this->settings, $lists, $this->records );
	}

	private function flow(): Connect_Flow {
		$client  = new Gateway_Client( $this->settings );
		$notices = new Notices( $this->settings );
		$page    = new Settings_Page(
			$this->settings,
			new Lists( $client ),
			$notices,
			new \Gateway_Connector\Connection_View( $this->settings, new Lists( $client ), $this->records ),
			$this->steps( new Lists( $client ) ),
			array()
		);
		return new Connect_Flow( $this->settings, $client, new Lists( $client ), $notices, array( $page, 'report' ) );
	}
}
