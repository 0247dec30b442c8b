<?php
/**
 * The page "Gateway › Import".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * Imports the settings of Mailjet's own plugin: shows what each form will become, and does it with one button. It also
 * warns while both plugins send emails.
 */
final class Import_Page {

	public const SLUG = 'gateway-connector-import';

	private const IMPORT = 'gateway_connector_import';

	/**
	 * Where the warning is shown: where the owner deals with forms or plugins.
	 */
	private const SCREENS = '/gateway-connector|wpcf7|^plugins$|^dashboard$/';

	private Settings $settings;

	private Lists $lists;

	private Notices $notices;

	public function __construct( Settings $settings, Lists $lists, Notices $notices ) {
		$this->settings = $settings;
		$this->lists    = $lists;
		$this->notices  = $notices;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ), 20 );
		add_action( 'admin_notices', array( $this, 'warn' ) );
		add_action( 'admin_post_' . self::IMPORT, array( $this, 'import' ) );
	}

	public static function url(): string {
		return admin_url( 'admin.php?page=' . self::SLUG );
	}

	/**
	 * The page is there only while there is something to import.
	 */
	public function add(): void {
		if ( Mailjet_Settings::read() ) {
			add_submenu_page(
				Settings_Page::SLUG,
				__( 'Import from the Mailjet plugin', 'gateway-connector' ),
				__( 'Import', 'gateway-connector' ),
				Settings_Page::CAPABILITY,
				self::SLUG,
				array( $this, 'print' )
			);
		}
	}

	public function warn(): void {
		$screen = get_current_screen();
		if ( ! $screen
			|| ! preg_match( self::SCREENS, $screen->id )
			|| ! current_user_can( Settings_Page::CAPABILITY )
			|| ! Mailjet_Settings::is_running()
		) {
			return;
		}
		printf(
			'<div class="notice notice-warning"><p><strong>%s</strong> %s %s <a href="%s">%s</a></p></div>',
			esc_html__( 'Gateway:', 'gateway-connector' ),
			esc_html__( 'The Mailjet plugin serves Contact Form 7 as well. Where both do, people get two emails.', 'gateway-connector' ),
			esc_html__( 'It also removes subscribers from the list when they write again.', 'gateway-connector' ),
			esc_url( Mailjet_Settings::read() ? self::url() : admin_url( 'plugins.php' ) ),
			Mailjet_Settings::read()
				? esc_html__( 'Import its settings and switch that off', 'gateway-connector' )
				: esc_html__( 'Deactivate it', 'gateway-connector' )
		);
	}

	public function import(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( self::IMPORT );
		$list    = isset( $_POST['list'] ) ? sanitize_text_field( wp_unslash( $_POST['list'] ) ) : '';
		$mailjet = Mailjet_Settings::read();
		if ( ! $mailjet || ! isset( $this->lists->names()[ $list ] ) ) {
			$this->redirect( 'error', __( 'Choose the mailing list that people will join.', 'gateway-connector' ), self::url() );
		}
		$titles = array();
		foreach ( $this->forms( $mailjet ) as $found ) {
			if ( '' === $found->skip_reason ) {
				$found->import( $list );
				$titles[] = $found->form->title();
			}
		}
		if ( ! empty( $_POST['switch_off'] ) ) {
			Mailjet_Settings::switch_off();
		}
		if ( array() === $titles ) {
			$this->redirect( 'warning', __( 'There was no form to import.', 'gateway-connector' ), self::url() );
		}
		$this->redirect(
			'success',
			/* translators: %s: titles of forms */
			sprintf( __( 'Connected: %s. Send one of the forms yourself to see it work.', 'gateway-connector' ), implode( ', ', $titles ) ),
			Settings_Page::url()
		);
	}

	public function print(): void {
		$mailjet    = Mailjet_Settings::read();
		$connection = $this->settings->connection();
		if ( $connection instanceof Connection ) {
			$this->lists->ensure( $connection );
		}
		$view = new Import_View( $this->lists->details(), Mailjet_Settings::is_running() );
		echo '<div class="wrap"><h1>' . esc_html__( 'Import from the Mailjet plugin', 'gateway-connector' ) . '</h1>';
		if ( $mailjet ) {
			$view->print( $mailjet, $this->forms( $mailjet ), self::IMPORT );
		}
		echo '</div>';
	}

	/**
	 * The forms with Mailjet's box; none while Contact Form 7 is not active.
	 *
	 * @return Mailjet_Form[]
	 */
	private function forms( Mailjet_Settings $mailjet ): array {
		return class_exists( WPCF7_ContactForm::class ) ? Mailjet_Form::all( $mailjet ) : array();
	}

	/**
	 * Redirects to a page that shows the outcome.
	 *
	 * @return never
	 */
	private function redirect( string $type, string $text, string $url ): void {
		$this->notices->add( $type, $text );
		wp_safe_redirect( $url );
		exit;
	}
}
