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
 * Imports settings of other plugins for newsletters: shows what each form will become, and does it with one button for each plugin. It
 * also warns while Mailjet's own plugin sends emails too.
 */
final class Import_Page {

	public const SLUG = 'gateway-connector-import';

	private const IMPORT = 'gateway_connector_import';

	/**
	 * Imports from one of the sources.
	 */
	public const IMPORT_FROM = 'gateway_connector_import_from';

	/**
	 * Where the warning is shown: where the owner deals with forms or plugins.
	 */
	private const SCREENS = '/gateway-connector|wpcf7|^plugins$|^dashboard$/';

	private Settings $settings;

	private Lists $lists;

	private Notices $notices;

	/**
	 * Where settings can come from, beside Mailjet's plugin.
	 *
	 * @var Import_Source[]
	 */
	private array $sources;

	private Flamingo_Csv $flamingo;

	public function __construct( Settings $settings, Lists $lists, Notices $notices ) {
		$this->settings = $settings;
		$this->lists    = $lists;
		$this->notices  = $notices;
		$this->sources  = array( new Brevo_Import(), new Doi_Helper_Import( $settings ), new Mc4wp_Import() );
		$this->flamingo = new Flamingo_Csv( new Flamingo_Inbox() );
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ), 20 );
		add_action( 'admin_notices', array( $this, 'warn' ) );
		add_action( 'admin_post_' . self::IMPORT, array( $this, 'import' ) );
		add_action( 'admin_post_' . self::IMPORT_FROM, array( $this, 'import_from' ) );
		$this->flamingo->register();
	}

	public static function url(): string {
		return admin_url( 'admin.php?page=' . self::SLUG );
	}

	public function add(): void {
		$title = __( 'Import', 'gateway-connector' );
		add_submenu_page( Settings_Page::SLUG, $title, $title, Settings_Page::CAPABILITY, self::SLUG, array( $this, 'print' ) );
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
		self::authorize( self::IMPORT );
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

	/**
	 * Brings along what one of the sources has, to the lists that were chosen.
	 */
	public function import_from(): void {
		self::authorize( self::IMPORT_FROM );
		$sources = array_filter( $this->sources, static fn( Import_Source $source ) => $source->id() === Request::text( 'source' ) );
		$source  = reset( $sources );
		$lists   = $source ? ( new Import_Section( $source, $this->lists->details() ) )->chosen( Request::members( 'lists' ) ) : array();
		if ( null === $lists ) {
			$this->redirect( 'error', __( 'Choose the mailing list that people will join.', 'gateway-connector' ), self::url() );
		}
		$titles = $source ? $source->import( $lists ) : array();
		if ( array() === $titles ) {
			$this->redirect( 'warning', __( 'There was nothing to import.', 'gateway-connector' ), self::url() );
		}
		/* translators: %s: titles of forms and settings */
		$text = __( 'Imported: %s. Send one of the forms yourself to see it work.', 'gateway-connector' );
		$this->redirect( 'success', sprintf( $text, implode( ', ', $titles ) ), self::url() );
	}

	public function print(): void {
		$mailjet    = Mailjet_Settings::read();
		$connection = $this->settings->connection();
		if ( $connection instanceof Connection ) {
			$this->lists->ensure( $connection );
		}
		$details = $this->lists->details();
		$found   = null !== $mailjet;
		printf(
			'<div class="wrap"><h1>%s</h1><p>%s</p>',
			esc_html__( 'Import', 'gateway-connector' ),
			esc_html__(
				'What other plugins for newsletters were set to, and what it becomes. Looking changes nothing.',
				'gateway-connector'
			)
		);
		if ( $mailjet ) {
			printf( '<h2>%s</h2>', esc_html__( 'Import from the Mailjet plugin', 'gateway-connector' ) );
			$view = new Import_View( $details, Mailjet_Settings::is_running() );
			$view->print( $mailjet, $this->forms( $mailjet ), self::IMPORT );
		}
		foreach ( $this->sources as $source ) {
			$found = ( new Import_Section( $source, $details ) )->print( self::IMPORT_FROM ) || $found;
		}
		if ( ! $this->flamingo->print() && ! $found ) {
			$names = 'Mailjet, MC4WP, Brevo (Contact Form 7), Double Opt-In Helper, Flamingo';
			/* translators: %s: names of plugins */
			$text = __( 'Nothing was found. Settings of these plugins can be imported: %s.', 'gateway-connector' );
			printf( '<p>%s</p>', esc_html( sprintf( $text, $names ) ) );
		}
		echo '</div>';
	}

	private static function authorize( string $action ): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( $action );
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
