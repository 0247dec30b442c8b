<?php
/**
 * What the tests share.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Bulk_Sync;
use Gateway_Connector\Delivery;
use Gateway_Connector\Email_Notice;
use Gateway_Connector\Error_Message;
use Gateway_Connector\Form_Settings;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Health;
use Gateway_Connector\Installation;
use Gateway_Connector\Sender;
use Gateway_Connector\Settings;
use Gateway_Connector\Shown_Form;
use Gateway_Connector\Spool;
use Gateway_Connector\Spool_Records;
use Gateway_Connector\Submission_Payload;
use Gateway_Connector\Subscription;
use Gateway_Connector\User_Payload;
use PHPUnit\Framework\TestCase;
use ReflectionClass;
use RuntimeException;
use WP_REST_Request;
use WPCF7_ContactForm;
use WPCF7_Submission;

/**
 * A connected site with an empty spool and a gateway that answers as scripted.
 */
abstract class Plugin_Test_Case extends TestCase {

	protected const FORM = "[text* your-name]\n[email* your-email]\n[text your-city]\n[checkbox topics \"news\" \"offers\"]\n"
		. "[newsletter newsletter-1 \"Yes, send me the newsletter.\"]\n[submit \"Send\"]";

	protected const SUBSCRIPTION = array(
		'list'           => 'lst_1',
		'email'          => 'your-email',
		'name'           => 'your-name',
		'properties'     => array( 'city' => 'your-city' ),
		'consent'        => 'newsletter-1',
		'policy_url'     => 'https://shop.example/privacy',
		'policy_version' => '2026-05',
	);

	protected Fake_Gateway $gateway;

	protected Settings $settings;

	protected Spool $spool;

	protected Spool_Records $records;

	/**
	 * Filters to remove after the test.
	 *
	 * @var array[]
	 */
	private array $filters = array();

	private array $forms = array();

	protected function setUp(): void {
		global $wpdb;
		wp_cache_flush(); // Another process may have written, in a test with several.
		Installation::remove();
		$this->settings = new Settings();
		$this->spool    = new Spool( $wpdb );
		$this->records  = new Spool_Records( $wpdb, $this->spool );
		( new Installation( $this->spool ) )->create_table();
		$this->settings->save_key( Fake_Gateway::key() );
		$this->gateway = new Fake_Gateway();
		$this->gateway->start();
		wp_set_current_user( 1 );
		$_SERVER['REMOTE_ADDR']     = '203.0.113.7';
		$_SERVER['HTTP_USER_AGENT'] = 'Mozilla/5.0 (Test)';
		$_SERVER['HTTP_REFERER']    = home_url( '/contact/' );
		$_SERVER['REQUEST_URI']     = '/contact/';
	}

	protected function tearDown(): void {
		$this->gateway->stop();
		Installation::remove();
		foreach ( $this->filters as list( $hook, $callback, $priority ) ) {
			remove_filter( $hook, $callback, $priority );
		}
		foreach ( $this->forms as $form ) {
			$form->delete();
		}
		$_POST    = array();
		$_REQUEST = array();
		$_FILES   = array();
	}

	/**
	 * A filter for this test only.
	 */
	protected function filter( string $hook, callable $callback, int $arguments = 1, int $priority = 50 ): void {
		add_filter( $hook, $callback, $priority, $arguments );
		$this->filters[] = array( $hook, $callback, $priority );
	}

	protected function create_form(
		string $form = self::FORM,
		array $subscription = self::SUBSCRIPTION,
		string $additional_settings = ''
	): WPCF7_ContactForm {
		$created = WPCF7_ContactForm::get_template( array( 'title' => 'Contact', 'locale' => 'fr_FR' ) );
		$created->set_properties( compact( 'form', 'additional_settings' ) );
		( new Form_Settings( true, array( Subscription::from_array( $subscription ) ) ) )->put_into( $created );
		$created->save();
		$this->forms[] = $created;
		return $created;
	}

	/**
	 * What a page with the form carries: the signed text that says what it shows.
	 */
	protected function seal( WPCF7_ContactForm $form ): string {
		WPCF7_ContactForm::get_instance( $form );
		return (string) ( apply_filters( 'wpcf7_form_hidden_fields', array() )[ Shown_Form::FIELD ] ?? '' );
	}

	/**
	 * Posts a form as a browser does, and says what became of it.
	 *
	 * @param WPCF7_ContactForm $form   The form.
	 * @param array             $fields What the visitor entered.
	 * @param string|null       $seal   What the page carried; null for a page that was made just now.
	 */
	protected function post( WPCF7_ContactForm $form, array $fields, ?string $seal = null ): string {
		return $this->answer( $form, $fields, $seal )['status'];
	}

	/**
	 * The same, with the whole answer.
	 */
	protected function answer( WPCF7_ContactForm $form, array $fields, ?string $seal = null ): array {
		$this->forget_submission();
		$hidden = array_filter(
			array(
				'_wpcf7_unit_tag' => 'wpcf7-f' . $form->id() . '-p1-o1',
				Shown_Form::FIELD => $seal ?? $this->seal( $form ),
			)
		);
		$_POST  = wp_slash( $fields + $hidden );
		$request = new WP_REST_Request( 'POST', '/contact-form-7/v1/contact-forms/' . $form->id() . '/feedback' );
		$request->set_header( 'Content-Type', 'multipart/form-data; boundary=x' );
		$request->set_body_params( wp_unslash( $_POST ) );
		return rest_do_request( $request )->get_data();
	}

	/**
	 * A submission in the spool.
	 */
	protected function spool_submission( array $submission = array() ): void {
		self::assertTrue( $this->spool->add( 4, $submission + array( 'fields' => array( 'your-name' => 'Ann' ) ) ) );
	}

	protected function send(): void {
		$this->sender()->run();
	}

	private function sender(): Sender {
		$payloads = array( new Submission_Payload(), new User_Payload() );
		return new Sender(
			$this->settings,
			$this->spool,
			new Gateway_Client( $this->settings ),
			$payloads,
			array( Error_Message::class, 'of' )
		);
	}

	/**
	 * What the scheduled events run.
	 */
	protected function delivery(): Delivery {
		$notice = new Email_Notice( new Health( $this->settings, $this->records ), $this->records );
		return new Delivery( $this->sender(), $this->settings, array( $this->bulk(), 'step' ), array( $notice, 'check' ) );
	}

	protected function bulk(): Bulk_Sync {
		global $wpdb;
		return new Bulk_Sync( $wpdb, $this->spool, $this->records );
	}

	/**
	 * A submission that the gateway refused.
	 */
	protected function reject_submission( string $reason = 'refused', array $submission = array() ): void {
		$this->spool_submission( $submission );
		foreach ( $this->spool->claim( 50 ) as $row ) {
			$this->spool->reject( $row, $reason );
		}
	}

	/**
	 * Lets time pass: every row came in that long ago.
	 */
	protected function age( int $seconds ): void {
		global $wpdb;
		$then = gmdate( 'Y-m-d H:i:s', time() - $seconds );
		$wpdb->query( $wpdb->prepare( 'UPDATE %i SET created_at = %s, due_at = %s', $this->spool->table(), $then, $then ) );
	}

	/**
	 * All rows of the spool, oldest first, the payload decoded.
	 *
	 * @return object[]
	 */
	protected function rows(): array {
		global $wpdb;
		$rows = $wpdb->get_results( $wpdb->prepare( 'SELECT * FROM %i ORDER BY id', $this->spool->table() ) );
		foreach ( $rows as $row ) {
			$row->submission = json_decode( $row->payload, true );
		}
		return $rows;
	}

	protected function row(): object {
		$rows = $this->rows();
		self::assertCount( 1, $rows );
		return $rows[0];
	}

	/**
	 * Makes every place refuse submissions: the table is gone and cannot be made, the options take nothing, and no file can be written.
	 */
	protected function refuse_storage(): void {
		global $wpdb;
		$wpdb->query( $wpdb->prepare( 'DROP TABLE %i', $this->spool->table() ) );
		$this->refuse_table();
		$this->refuse_options();
		$this->filter( 'gateway_connector_reserve_folder', static fn() => '/dev/null/nowhere' );
	}

	/**
	 * Makes the database refuse whatever names the table.
	 */
	protected function refuse_table(): void {
		$table = $this->spool->table();
		$this->filter( 'query', static fn( $sql ) => false === strpos( $sql, $table ) ? $sql : 'SELECT nothing FROM nowhere' );
	}

	protected function refuse_options(): void {
		$is_ours = static fn( $sql ) => 0 === strpos( $sql, 'INSERT' ) && false !== strpos( $sql, 'gateway_connector_kept_' );
		$this->filter( 'query', static fn( $sql ) => $is_ours( $sql ) ? 'SELECT nothing FROM nowhere' : $sql );
	}

	/**
	 * Lets time pass for the rows of the spool.
	 */
	protected function make_due(): void {
		global $wpdb;
		$wpdb->query( $wpdb->prepare( 'UPDATE %i SET due_at = %s', $this->spool->table(), gmdate( 'Y-m-d H:i:s', time() - 1 ) ) );
	}

	protected function seconds_until_due( object $row ): int {
		return strtotime( $row->due_at . ' UTC' ) - time();
	}

	/**
	 * Makes wp_die() and redirects, which end a request, end only the call.
	 */
	protected function end_requests_by_exceptions(): void {
		$end = static function ( string $how ): callable {
			return static function () use ( $how ): void {
				throw new RuntimeException( $how );
			};
		};
		$this->filter( 'wp_die_handler', static fn() => $end( 'wp_die' ) );
		$this->filter( 'wp_die_ajax_handler', static fn() => $end( 'wp_die' ) );
		$this->filter( 'wp_redirect', $end( 'redirected' ) );
	}

	protected function assert_signed( array $request, int $time ): void {
		$headers = $request['headers'];
		self::assertEqualsWithDelta( $time, (int) $headers['webhook-timestamp'], 5 );
		$signed = $headers['webhook-id'] . '.' . $headers['webhook-timestamp'] . '.' . $request['body'];
		$key    = base64_decode( substr( Fake_Gateway::SECRET, strlen( 'whsec_' ) ) );
		self::assertSame( 'v1,' . base64_encode( hash_hmac( 'sha256', $signed, $key, true ) ), $headers['webhook-signature'] );
	}

	/**
	 * What a call writes into PHP's log.
	 */
	protected function log_of( callable $act ): string {
		$log = tempnam( sys_get_temp_dir(), 'log' );
		$was = ini_set( 'error_log', $log );
		try {
			$act();
			return (string) file_get_contents( $log );
		} finally {
			ini_set( 'error_log', (string) $was );
			unlink( $log );
		}
	}

	protected static function output( callable $prints ): string {
		ob_start();
		$prints();
		return (string) ob_get_clean();
	}

	/**
	 * Contact Form 7 takes one submission per request; the tests are one request.
	 */
	protected function forget_submission(): void {
		$class = new ReflectionClass( WPCF7_Submission::class );
		foreach ( $class->getProperties( \ReflectionProperty::IS_STATIC ) as $property ) {
			$property->setAccessible( true );
			$property->setValue( null, null );
		}
	}
}
