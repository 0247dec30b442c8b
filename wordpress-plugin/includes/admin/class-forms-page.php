<?php
/**
 * The page "Gateway › Forms".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Lists the forms of all plugins for forms that we know, and lets the owner choose for each what a submission does. Forms of Contact Form 7
 * have these choices in its own editor, to which the list leads.
 */
final class Forms_Page {

	public const SLUG = 'gateway-connector-forms';
	public const SAVE = 'gateway_connector_form';

	private Settings $settings;

	private Lists $lists;

	private Notices $notices;

	public function __construct( Settings $settings, Lists $lists, Notices $notices ) {
		$this->settings = $settings;
		$this->lists    = $lists;
		$this->notices  = $notices;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add' ) ); // Right below the connection.
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
		add_action( 'admin_post_' . self::SAVE, array( $this, 'save' ) );
	}

	/**
	 * The address of the list, or of the choices for one form.
	 *
	 * @param string $form The form's key, such as wpforms-12.
	 */
	public static function url( string $form = '' ): string {
		$page = admin_url( 'admin.php?page=' . self::SLUG );
		return '' === $form ? $page : add_query_arg( 'form', rawurlencode( $form ), $page );
	}

	public function add(): void {
		$title = __( 'Forms', 'gateway-connector' );
		add_submenu_page( Settings_Page::SLUG, $title, $title, Settings_Page::CAPABILITY, self::SLUG, array( $this, 'print' ) );
	}

	public function enqueue( string $page ): void {
		if ( false !== strpos( $page, self::SLUG ) ) {
			Form_Panel::enqueue_panel();
		}
	}

	/**
	 * Saves the choices for one form.
	 */
	public function save(): void {
		if ( ! current_user_can( Settings_Page::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to do this.', 'gateway-connector' ), '', 403 );
		}
		check_admin_referer( self::SAVE );
		$form = Form_Plugins::form( Request::text( 'form' ) );
		if ( $form ) {
			// Form_Settings::from_input() cleans each member for what it is.
			Plugin_Form_Settings::save( $form, Form_Settings::from_input( Request::members( Form_Panel::INPUT ) ) );
			$this->notices->add( 'success', __( 'Saved.', 'gateway-connector' ) );
		} else {
			$this->notices->add( 'error', __( 'This form no longer exists.', 'gateway-connector' ) );
		}
		wp_safe_redirect( self::url( $form ? $form->key() : '' ) );
		exit;
	}

	public function print(): void {
		$connection = $this->settings->connection();
		if ( $connection instanceof Connection ) {
			$this->lists->ensure( $connection );
		}
		$form = Form_Plugins::form( Request::query( 'form' ) );
		echo '<div class="wrap">';
		if ( $form ) {
			$this->print_form( $form, $connection instanceof Connection );
		} else {
			( new Forms_Table( $this->lists->names() ) )->print();
		}
		echo '</div>';
	}

	private function print_form( Plugin_Form $form, bool $connected ): void {
		$lists    = $this->lists->names();
		$settings = Plugin_Form_Settings::of( $form );
		$warnings = Plugin_Form_Check::warnings( $form, $settings, $lists );
		if ( $settings->is_new() ) {
			$settings->subscriptions = array( self::suggest( $form, (array) $lists ) );
		}
		?>
		<h1><?php echo esc_html( $form->title ); ?></h1>
		<p>
			<a href="<?php echo esc_url( self::url() ); ?>"><?php esc_html_e( 'All forms', 'gateway-connector' ); ?></a>
			<?php if ( '' !== $form->edit_url ) : ?>
				| <a href="<?php echo esc_url( $form->edit_url ); ?>"><?php esc_html_e( 'Edit the form', 'gateway-connector' ); ?></a>
			<?php endif; ?>
		</p>
		<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
			<input type="hidden" name="action" value="<?php echo esc_attr( self::SAVE ); ?>" />
			<input type="hidden" name="form" value="<?php echo esc_attr( $form->key() ); ?>" />
			<?php
			wp_nonce_field( self::SAVE );
			( new Form_Panel_View( $settings, $form->labels(), $form->boxes(), $lists, $connected, false ) )->print( $warnings );
			?>
			<p><button class="button button-primary"><?php esc_html_e( 'Save', 'gateway-connector' ); ?></button></p>
		</form>
		<?php
	}

	/**
	 * What most owners would choose, for a form that has no settings yet.
	 *
	 * @param Plugin_Form          $form  The form.
	 * @param array<string,string> $lists Names of the lists by id.
	 */
	private static function suggest( Plugin_Form $form, array $lists ): Subscription {
		$emails = $form->ids( Plugin_Field::EMAIL );
		$boxes  = $form->ids( Plugin_Field::BOX );
		$names  = array_keys( preg_grep( '/name|nom\b|nombre/i', $form->labels() ) );
		return Subscription::from_array(
			array(
				'list'       => 1 === count( $lists ) ? (string) array_key_first( $lists ) : '',
				'email'      => (string) reset( $emails ),
				'name'       => (string) reset( $names ),
				'consent'    => (string) reset( $boxes ),
				'policy_url' => get_privacy_policy_url(),
			)
		);
	}
}
