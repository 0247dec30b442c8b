<?php
/**
 * The tab in the form editor.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Adds the tab "Gateway" to Contact Form 7's editor and saves it.
 */
final class Form_Panel {

	public const INPUT = 'gateway-connector';

	/**
	 * The hidden field that only our tab posts. Contact Form 7 saves forms for REST and for other plugins too, and
	 * then our fields are missing; taking them for empty would wipe the settings.
	 */
	public const MARKER = 'gateway-connector-panel';

	public const ID = 'gateway-connector-panel';

	private Settings $settings;

	private Lists $lists;

	public function __construct( Settings $settings, Lists $lists ) {
		$this->settings = $settings;
		$this->lists    = $lists;
	}

	public function register(): void {
		add_filter( 'wpcf7_editor_panels', array( $this, 'add' ) );
		add_action( 'wpcf7_save_contact_form', array( $this, 'save' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
	}

	public function add( array $panels ): array {
		$form  = WPCF7_ContactForm::get_current();
		$title = __( 'Gateway', 'gateway-connector' );
		if ( $form && array() !== Form_Check::warnings( $form, Form_Settings::of( $form ), $this->lists->names() ) ) {
			$title .= " ⚠\u{FE0E}"; // As text: WordPress would load a picture from another server.
		}
		$panels[ self::ID ] = array(
			'title'    => $title,
			'callback' => array( $this, 'print' ),
		);
		return $panels;
	}

	public function print( WPCF7_ContactForm $form ): void {
		$connection = $this->settings->connection();
		if ( $connection instanceof Connection ) {
			$this->lists->ensure( $connection );
		}
		$settings = Form_Settings::of( $form );
		if ( $settings->is_new() ) {
			$settings->subscriptions = array( $this->suggest( $form ) );
		}
		$lists  = $this->lists->names();
		$fields = Form_Fields::labels( $form );
		$view   = new Form_Panel_View( $settings, $fields, Consent::labels( $form ), $lists, $connection instanceof Connection, true );
		$view->print( Form_Check::warnings( $form, $settings, $lists ) );
	}

	/**
	 * Saves what the tab posted, and only that. Contact Form 7 has checked the user's rights.
	 */
	public function save( WPCF7_ContactForm $form ): void {
		$marker = sanitize_key( Request::text( self::MARKER ) );
		if ( ! wp_verify_nonce( $marker, self::MARKER ) ) {
			return;
		}
		// Form_Settings::from_input() cleans each member for what it is.
		$input = Request::members( self::INPUT );
		Form_Settings::from_input( $input )->put_into( $form );
	}

	public function enqueue( string $page ): void {
		if ( false === strpos( $page, 'wpcf7' ) ) {
			return;
		}
		self::enqueue_panel();
	}

	/**
	 * Adds style and script of the choices for a form.
	 */
	public static function enqueue_panel(): void {
		wp_enqueue_style( 'gateway-connector', plugins_url( 'assets/admin.css', PLUGIN_FILE ), array(), VERSION );
		wp_enqueue_script(
			'gateway-connector-panel',
			plugins_url( 'assets/form-panel.js', PLUGIN_FILE ),
			array( 'wp-api-fetch' ),
			VERSION,
			true
		);
	}

	/**
	 * What most owners would choose, for a form that has no settings yet.
	 */
	private function suggest( WPCF7_ContactForm $form ): Subscription {
		$lists  = array_keys( (array) $this->lists->names() );
		$emails = array_column( $form->scan_form_tags( array( 'basetype' => 'email' ) ), 'name' );
		$names  = preg_grep( '/name|nom|nombre/i', array_column( $form->scan_form_tags( array( 'basetype' => 'text' ) ), 'name' ) );
		return Subscription::from_array(
			array(
				'list'       => 1 === count( $lists ) ? $lists[0] : '',
				'email'      => (string) reset( $emails ),
				'name'       => (string) reset( $names ),
				'consent'    => (string) array_key_first( Consent::boxes( $form ) ),
				'policy_url' => get_privacy_policy_url(),
			)
		);
	}
}
